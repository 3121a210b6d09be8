#include "loaders/text_input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace semak {
namespace {

class FileHandle {
 public:
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&&) = delete;
  ~FileHandle() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

enum class BlockContent { ascii, beyond_ascii, nul };

// Plain loops over a block, so that the compiler can take many bytes at a time.
BlockContent look_at(const char* bytes, std::size_t count) {
  unsigned char any = 0;
  unsigned char zeros = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    any = static_cast<unsigned char>(any | byte);
    zeros = static_cast<unsigned char>(zeros | (byte == 0 ? 1 : 0));
  }
  if (zeros != 0) return BlockContent::nul;
  return any < 0x80 ? BlockContent::ascii : BlockContent::beyond_ascii;
}

struct KnownBinary {
  std::string_view magic;
  const char* what;
  const char* cure;
};
constexpr KnownBinary kKnownBinaries[] = {
    {"PK\x03\x04", "a ZIP or Excel workbook", "name it .xlsx if it is a workbook, or unpack it first"},
    {"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)", "save it as .xlsx or CSV UTF-8"},
    {"%PDF", "a PDF document", "ask for the data as CSV or XLSX"},
    {"\x1F\x8B", "a gzip archive", "unpack it first"},
    {"PAR1", "a Parquet file", "export it as CSV"},
};

class FileText final : public TextInput {
 public:
  FileText(FileHandle file, std::string name, std::uint64_t total, const FileTextOptions& options)
      : file_(std::move(file)), name_(std::move(name)), total_(total), options_(options) {}

  Status start() {
    SEMAK_TRY_STATUS(fill());
    if (raw_.empty())
      return Error{ErrorCode::invalid_input,
                   fmt::format("{}: the file is empty (0 bytes); it needs a heading line and rows, "
                               "check that the export or copy finished",
                               name_)};
    for (const KnownBinary& known : kKnownBinaries) {
      if (std::string_view(raw_).substr(0, known.magic.size()) == known.magic)
        return Error{ErrorCode::invalid_input,
                     fmt::format("{}: this is {}, not text; {}", name_, known.what, known.cure)};
    }
    const DetectedEncoding detected = detect_encoding(raw_);
    undecided_ = !options_.encoding && detected.bom_bytes == 0 && detected.encoding == Encoding::utf8;
    guessed_ = !options_.encoding && !detected.certain;
    encoding_ = options_.encoding && detected.bom_bytes == 0 ? *options_.encoding : detected.encoding;
    unmarked_ = !options_.encoding && detected.bom_bytes == 0;
    decoder_.emplace(encoding_);
    raw_.erase(0, static_cast<std::size_t>(detected.bom_bytes));
    return {};
  }

  Result<bool> read(std::string& out) override {
    const std::size_t before = out.size();
    while (out.size() == before) {
      if (raw_.empty() && !at_end_) SEMAK_TRY_STATUS(fill());
      if (raw_.empty() && finished_) return false;
      SEMAK_TRY_STATUS(decode(out));
    }
    return true;
  }

  std::size_t invalid_sequences() const override { return decoder_ ? decoder_->invalid_sequences() : 0; }

  std::vector<std::string> warnings() const override {
    std::vector<std::string> all;
    if (guessed_)
      all.push_back(fmt::format("{}: the encoding was guessed to be {}; check names with accents, or save as UTF-8",
                                name_, to_string(encoding_)));
    if (invalid_sequences() > 0)
      all.push_back(
          fmt::format("{}: byte sequences that are no {} text: {}", name_, to_string(encoding_), invalid_sequences()));
    return all;
  }

  std::uint64_t bytes_read() const override { return read_; }
  std::uint64_t bytes_total() const override { return std::max(total_, read_); }

 private:
  // Reads the next chunk into raw_ (which is empty).
  Status fill() {
    raw_.resize(options_.chunk_bytes);
    std::size_t filled = 0;
    while (filled < raw_.size()) {
      const ssize_t got = ::read(file_.get(), raw_.data() + filled, raw_.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Error{ErrorCode::io, fmt::format("{}: reading failed: {}", name_, std::strerror(errno))};
      if (got == 0) {
        at_end_ = true;
        break;
      }
      filled += static_cast<std::size_t>(got);
    }
    raw_.resize(filled);
    read_ += filled;
    return {};
  }

  Error binary() const {
    return Error{
        ErrorCode::invalid_input,
        fmt::format("{}: the file holds NUL bytes, so it is binary data, not text; export it as CSV UTF-8", name_)};
  }

  // Moves raw_ to `out`. Stretches of ASCII go straight through: all encodings but UTF-16 agree on them, and after
  // an ASCII byte the decoder holds no tail.
  Status decode(std::string& out) {
    constexpr std::size_t kBlock = 2048;
    if (encoding_ == Encoding::utf16le || encoding_ == Encoding::utf16be) {
      const std::size_t before = out.size();
      decoder_->decode(raw_, at_end_, out);
      if (out.find('\0', before) != std::string::npos || (unmarked_ && decoder_->invalid_sequences() > 0))
        return binary();
    } else {
      for (std::size_t at = 0; at < raw_.size(); at += kBlock) {
        const std::string_view block = std::string_view(raw_).substr(at, kBlock);
        const BlockContent content = look_at(block.data(), block.size());
        if (content == BlockContent::nul) return binary();
        if (content == BlockContent::beyond_ascii && undecided_) decide(std::string_view(raw_).substr(at));
        if (content == BlockContent::ascii && !tail_)
          out.append(block);
        else
          decoder_->decode(block, false, out);
        tail_ = static_cast<unsigned char>(block.back()) >= 0x80;
      }
      if (at_end_ && tail_) decoder_->decode({}, true, out);
    }
    raw_.clear();
    finished_ = at_end_;
    return {};
  }

  // Everything so far was ASCII: the first other bytes decide, wherever in the file they are.
  void decide(std::string_view sample) {
    undecided_ = false;
    const DetectedEncoding detected = detect_encoding(sample);
    if (detected.encoding != Encoding::windows1252) return;
    encoding_ = detected.encoding;
    guessed_ = !detected.certain;
    decoder_.emplace(encoding_);
  }

  FileHandle file_;
  std::string name_;
  std::uint64_t total_;
  FileTextOptions options_;
  std::string raw_;
  Encoding encoding_ = Encoding::utf8;
  std::optional<Utf8Decoder> decoder_;
  std::uint64_t read_ = 0;
  bool undecided_ = false;
  bool unmarked_ = false;  // neither the file nor its user says what the encoding is
  bool guessed_ = false;
  bool tail_ = false;      // the decoder may hold part of a character
  bool at_end_ = false;    // the file has no more bytes
  bool finished_ = false;  // and all of them were decoded
};

}  // namespace

Result<std::unique_ptr<TextInput>> open_text_file(const std::filesystem::path& path, const FileTextOptions& options) {
  const std::string name = path.string();
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    const int reason = errno;
    const ErrorCode code = reason == ENOENT   ? ErrorCode::not_found
                           : reason == EACCES ? ErrorCode::permission
                                              : ErrorCode::io;
    return Error{code, fmt::format("{}: cannot be opened: {}", name, std::strerror(reason))};
  }
  struct stat status{};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode))
    return Error{ErrorCode::invalid_input, fmt::format("{}: this is a folder; name the file in it", name)};
  const std::uint64_t total = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  auto text = std::make_unique<FileText>(std::move(file), name, total, options);
  SEMAK_TRY_STATUS(text->start());
  return std::unique_ptr<TextInput>(std::move(text));
}

}  // namespace semak
