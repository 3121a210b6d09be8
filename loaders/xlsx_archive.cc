#include "loaders/xlsx_archive.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <expat.h>
#include <fmt/format.h>
#include <fstream>
#include <zip.h>

namespace semak {
namespace {

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
struct FreeParser {
  void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
};

// By its first bytes; an old or encrypted workbook is no ZIP archive at all.
Status look_at_signature(const std::filesystem::path& path, const std::string& name) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int reason = errno;
    return Error{reason == ENOENT   ? ErrorCode::not_found
                 : reason == EACCES ? ErrorCode::permission
                                    : ErrorCode::io,
                 fmt::format("{}: cannot be opened: {}", name, std::strerror(reason))};
  }
  std::array<char, 4> bytes{};
  file.read(bytes.data(), bytes.size());
  const std::string_view start(bytes.data(), static_cast<std::size_t>(file.gcount()));
  if (start.empty())
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: the file is empty (0 bytes); check that the export or copy finished", name)};
  if (start == "\xD0\xCF\x11\xE0")
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: this is an old .xls workbook or one with a password; save it as .xlsx without a "
                             "password",
                             name)};
  if (start.substr(0, 2) != "PK")
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: this is no Excel workbook; if it is text, name it .csv", name)};
  return {};
}

}  // namespace

const char* attribute(XmlAttributes attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2)
    if (local_name(attributes[0]) == name) return attributes[1];
  return nullptr;
}

std::string_view local_name(const char* name) {
  const std::string_view whole(name);
  const std::size_t colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

struct XlsxArchive::Impl {
  std::string name;
  InflationLimit limit;
  std::unique_ptr<zip_t, CloseArchive> archive;
};

struct XmlPart::Impl {
  std::string name;  // "book.xlsx: xl/workbook.xml"
  XmlHandler* handler = nullptr;
  InflationLimit limit;
  std::unique_ptr<zip_file_t, CloseEntry> entry;
  std::unique_ptr<XML_ParserStruct, FreeParser> parser;
  std::uint64_t compressed = 0;
  std::uint64_t declared = 0;
  std::uint64_t read = 0;
  bool document_type = false;

  void prepare() {
    parser.reset(XML_ParserCreate(nullptr));
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(
        parser.get(),
        [](void* self, const char* element, XmlAttributes attributes) {
          static_cast<Impl*>(self)->handler->open(local_name(element), attributes);
          static_cast<Impl*>(self)->stop_if_refused();
        },
        [](void* self, const char* element) {
          static_cast<Impl*>(self)->handler->close(local_name(element));
          static_cast<Impl*>(self)->stop_if_refused();
        });
    XML_SetCharacterDataHandler(parser.get(), [](void* self, const char* text, int length) {
      static_cast<Impl*>(self)->handler->text({text, static_cast<std::size_t>(length)});
      static_cast<Impl*>(self)->stop_if_refused();
    });
    XML_SetStartDoctypeDeclHandler(parser.get(), [](void* self, const char*, const char*, const char*, int) {
      static_cast<Impl*>(self)->document_type = true;
      XML_StopParser(static_cast<Impl*>(self)->parser.get(), XML_FALSE);
    });
  }

  void stop_if_refused() {
    if (!handler->refusal().empty()) XML_StopParser(parser.get(), XML_FALSE);
  }

  Error wrong(const std::string& what) const {
    return Error{ErrorCode::invalid_input, fmt::format("{}: {}", name, what)};
  }

  Error parse_error() const {
    if (document_type) return wrong("holds a document type declaration, which no workbook needs; it is refused");
    if (!handler->refusal().empty()) return wrong(handler->refusal());
    return wrong(fmt::format("damaged XML at line {}: {}", XML_GetCurrentLineNumber(parser.get()),
                             XML_ErrorString(XML_GetErrorCode(parser.get()))));
  }
};

XmlPart::XmlPart(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
XmlPart::XmlPart(XmlPart&&) noexcept = default;
XmlPart::~XmlPart() = default;
std::uint64_t XmlPart::bytes_read() const { return impl_->read; }
std::uint64_t XmlPart::bytes_total() const { return impl_->declared; }

Result<bool> XmlPart::feed() {
  constexpr int kPiece = 32 * 1024;
  void* const buffer = XML_GetBuffer(impl_->parser.get(), kPiece);
  if (buffer == nullptr) return impl_->wrong("no memory for its XML");
  const zip_int64_t got = zip_fread(impl_->entry.get(), buffer, kPiece);
  if (got < 0)
    return impl_->wrong(fmt::format("the archive is damaged ({}); copy or export the workbook again",
                                    zip_file_strerror(impl_->entry.get())));
  impl_->read += static_cast<std::uint64_t>(got);
  if (impl_->read > impl_->limit.bytes_free && impl_->read / impl_->limit.ratio_max > impl_->compressed)
    return impl_->wrong(fmt::format("{} compressed bytes grow beyond {}; this is no sheet of people and is refused",
                                    impl_->compressed, impl_->read));
  if (XML_ParseBuffer(impl_->parser.get(), static_cast<int>(got), got == 0) != XML_STATUS_OK)
    return impl_->parse_error();
  return got != 0;
}

XlsxArchive::XlsxArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
XlsxArchive::XlsxArchive(XlsxArchive&&) noexcept = default;
XlsxArchive::~XlsxArchive() = default;
const std::string& XlsxArchive::name() const { return impl_->name; }

Result<XlsxArchive> XlsxArchive::open(const std::filesystem::path& path, InflationLimit limit) {
  auto impl = std::make_unique<Impl>();
  impl->name = path.string();
  impl->limit = limit;
  SEMAK_TRY_STATUS(look_at_signature(path, impl->name));
  int code = 0;
  impl->archive.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!impl->archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    Error damaged{ErrorCode::invalid_input,
                  fmt::format("{}: the workbook is damaged or cut short ({}); copy or export it again", impl->name,
                              zip_error_strerror(&error))};
    zip_error_fini(&error);
    return damaged;
  }
  return XlsxArchive(std::move(impl));
}

bool XlsxArchive::has(const std::string& part) const {
  return zip_name_locate(impl_->archive.get(), part.c_str(), 0) >= 0;
}

Result<XmlPart> XlsxArchive::read(const std::string& part, XmlHandler& handler) const {
  auto opened = std::make_unique<XmlPart::Impl>();
  opened->name = impl_->name + ": " + part;
  opened->handler = &handler;
  opened->limit = impl_->limit;
  zip_stat_t stat;
  if (zip_stat(impl_->archive.get(), part.c_str(), 0, &stat) != 0)
    return opened->wrong("this part is missing; the workbook is damaged, export it again");
  opened->compressed = (stat.valid & ZIP_STAT_COMP_SIZE) != 0 ? stat.comp_size : 0;
  opened->declared = (stat.valid & ZIP_STAT_SIZE) != 0 ? stat.size : 0;
  opened->entry.reset(zip_fopen(impl_->archive.get(), part.c_str(), 0));
  if (!opened->entry)
    return opened->wrong(fmt::format("cannot be unpacked ({}); save the workbook without a password",
                                     zip_strerror(impl_->archive.get())));
  opened->prepare();
  return XmlPart(std::move(opened));
}

Status XlsxArchive::read_whole(const std::string& part, XmlHandler& handler) const {
  SEMAK_TRY(XmlPart opened, read(part, handler));
  for (;;) {
    SEMAK_TRY(const bool more, opened.feed());
    if (!more) return {};
  }
}

}  // namespace semak
