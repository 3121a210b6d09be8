// The parts of a workbook: a ZIP archive of XML. Every byte inflated and every declaration parsed passes here, so
// bombs and document types are refused in one place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/result.h"

namespace semak {

struct InflationLimit {
  std::uint64_t bytes_free = 0;  // a part may always have so many
  std::uint64_t ratio_max = 0;   // and beyond them so many for each compressed byte
};

// Attributes of an XML element: name, value, name, value ..., null.
using XmlAttributes = const char**;
// The value of the attribute with this local name; null if there is none.
const char* attribute(XmlAttributes attributes, std::string_view name);
// "x:row" -> "row"
std::string_view local_name(const char* name);

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void open(std::string_view element, XmlAttributes attributes) = 0;  // local names
  virtual void close(std::string_view element) = 0;
  virtual void text(std::string_view piece) = 0;
  // Non-empty: parsing stops with this message.
  const std::string& refusal() const { return refusal_; }

 protected:
  std::string refusal_;
};

class XlsxArchive;

// One part being read and parsed.
class XmlPart {
 public:
  XmlPart(XmlPart&&) noexcept;
  ~XmlPart();
  // Feeds the next piece of the part to its handler; false at its end.
  Result<bool> feed();
  std::uint64_t bytes_read() const;   // inflated
  std::uint64_t bytes_total() const;  // as the archive declares

 private:
  friend class XlsxArchive;
  struct Impl;
  explicit XmlPart(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class XlsxArchive {
 public:
  static Result<XlsxArchive> open(const std::filesystem::path& path, InflationLimit limit);
  XlsxArchive(XlsxArchive&&) noexcept;
  ~XlsxArchive();

  bool has(const std::string& part) const;
  // REQUIRES: the archive and the handler outlive the part.
  Result<XmlPart> read(const std::string& part, XmlHandler& handler) const;
  // From its begin to its end.
  Status read_whole(const std::string& part, XmlHandler& handler) const;
  const std::string& name() const;

 private:
  struct Impl;
  explicit XlsxArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
