#include "tools/semakd/resources/multipart.h"

#include <algorithm>
#include <optional>

namespace semak {
namespace {

constexpr std::size_t kBoundaryMax = 70;  // RFC 2046
constexpr std::size_t kNameMax = 64, kFileNameMax = 255;

Error malformed(std::string_view why) {
  return {ErrorCode::invalid_input, std::string("multipart/form-data: ").append(why)};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_token(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

// The parameters of a header value behind its first ";". Names lower case; one twice is refused.
class Parameters {
 public:
  static std::optional<Parameters> parse(std::string_view text) {
    Parameters read;
    while (!(text = trim(text)).empty()) {
      if (text.front() != ';') return std::nullopt;
      text = trim(text.substr(1));
      if (text.empty()) break;  // a trailing semicolon
      std::size_t end = 0;
      while (end < text.size() && is_token(text[end])) ++end;
      if (end == 0 || end == text.size() || text[end] != '=') return std::nullopt;
      std::string name = lowered(text.substr(0, end));
      text.remove_prefix(end + 1);
      auto value = take_value(text);
      if (!value || read.find(name) != nullptr) return std::nullopt;
      read.all_.emplace_back(std::move(name), std::move(*value));
    }
    return read;
  }

  const std::string* find(std::string_view name) const {
    for (const auto& [known, value] : all_)
      if (known == name) return &value;
    return nullptr;
  }

 private:
  static std::optional<std::string> take_value(std::string_view& text) {
    std::string value;
    if (text.empty() || text.front() != '"') {
      std::size_t end = 0;
      while (end < text.size() && is_token(text[end])) ++end;
      if (end == 0) return std::nullopt;
      value = text.substr(0, end);
      text.remove_prefix(end);
      return value;
    }
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (text[at] == '"') {
        text.remove_prefix(at + 1);
        return value;
      }
      // Browsers escape quotes as %22; a backslash before a quote is the older way.
      if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\')) ++at;
      value += text[at];
    }
    return std::nullopt;
  }

  std::vector<std::pair<std::string, std::string>> all_;
};

std::optional<std::string> boundary_of(std::string_view content_type) {
  const std::size_t end = content_type.find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const auto parameters = Parameters::parse(content_type.substr(end));
  if (!parameters) return std::nullopt;
  const std::string* boundary = parameters->find("boundary");
  if (boundary == nullptr || boundary->empty() || boundary->size() > kBoundaryMax) return std::nullopt;
  constexpr std::string_view kMarks = "'()+_,-./:=? ";  // RFC 2046 bchars
  const bool good = boundary->back() != ' ' && std::all_of(boundary->begin(), boundary->end(), [&](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             kMarks.find(c) != std::string_view::npos;
                    });
  return good ? std::optional(*boundary) : std::nullopt;
}

bool is_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

Status read_disposition(std::string_view value, FormPart& part) {
  const std::size_t end = std::min(value.find(';'), value.size());
  if (lowered(trim(value.substr(0, end))) != "form-data") return malformed("a part that is no form-data");
  const auto parameters = Parameters::parse(value.substr(end));
  if (!parameters) return malformed("a Content-Disposition that cannot be read");
  const std::string* name = parameters->find("name");
  if (name == nullptr || name->empty() || name->size() > kNameMax || !is_text(*name))
    return malformed("a part without a proper name");
  part.name = *name;
  // filename*= (RFC 8187) must not be used in multipart/form-data, and two names could disagree.
  if (parameters->find("filename*") != nullptr) return malformed("filename* is not read; send filename");
  if (const std::string* file = parameters->find("filename")) {
    // The sender's folders are nobody's business, and ours none of theirs.
    const std::string base = file->substr(file->find_last_of("/\\") + 1);
    if (base.empty() || base.size() > kFileNameMax || !is_text(base) || base == "." || base == "..")
      return malformed("a file without a proper name");
    part.file_name = base;
  }
  return {};
}

Status read_header(std::string_view line, bool& has_disposition, FormPart& part) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || !std::all_of(line.begin(), line.begin() + colon, is_token))
    return malformed("a header that cannot be read");
  const std::string name = lowered(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_text(value)) return malformed("a header with control characters");
  if (name == "content-disposition") {
    if (has_disposition) return malformed("a part with two Content-Dispositions");
    has_disposition = true;
    return read_disposition(value, part);
  }
  if (name == "content-type") part.content_type = media_type(value);
  if (name == "content-transfer-encoding") {
    const std::string encoding = lowered(value);
    if (encoding != "binary" && encoding != "8bit" && encoding != "7bit")
      return malformed("a part with a transfer encoding");
  }
  return {};
}

Result<FormPart> parse_part(std::string_view text, const MultipartLimits& limits) {
  FormPart part;
  bool has_disposition = false;
  std::size_t header_bytes = 0;
  while (true) {
    const std::size_t end = text.substr(0, limits.header_bytes_max + 2).find("\r\n");
    if (end == std::string_view::npos) return malformed("headers of a part that do not end");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.empty()) break;
    header_bytes += end + 2;
    if (header_bytes > limits.header_bytes_max) return malformed("headers of a part that are too long");
    SEMAK_TRY_STATUS(read_header(line, has_disposition, part));
  }
  if (!has_disposition) return malformed("a part without Content-Disposition");
  part.contents = text;
  return part;
}

}  // namespace

std::string media_type(std::string_view content_type) {
  return lowered(trim(content_type.substr(0, content_type.find(';'))));
}

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body,
                                              const MultipartLimits& limits) {
  const auto boundary = boundary_of(content_type);
  if (!boundary) return malformed("no proper boundary");
  const std::string opening = "--" + *boundary;
  const std::string delimiter = "\r\n" + opening;
  if (!body.starts_with(opening)) return malformed("the body does not begin with the boundary");
  body.remove_prefix(opening.size());
  std::vector<FormPart> parts;
  while (true) {
    if (body.starts_with("--")) break;
    if (!body.starts_with("\r\n")) return malformed("text behind a boundary");
    body.remove_prefix(2);
    const std::size_t end = body.find(delimiter);
    if (end == std::string_view::npos) return malformed("the last boundary is missing");
    if (parts.size() == limits.parts_max) return malformed("too many parts");
    SEMAK_TRY(FormPart part, parse_part(body.substr(0, end), limits));
    for (const FormPart& other : parts)
      if (other.name == part.name) return malformed("a name that stands there twice");
    parts.push_back(std::move(part));
    body.remove_prefix(end + delimiter.size());
  }
  body.remove_prefix(2);
  if (!body.empty() && body != "\r\n") return malformed("text behind the last boundary");
  return parts;
}

}  // namespace semak
