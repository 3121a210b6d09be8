// Registers and records as the resources read them.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string_view>

#include "tools/semakd/resources/room.h"

namespace semak {

// Percent-encoded, for a Location.
std::string path_segment(std::string_view text);

std::optional<RegisterInfo> find_register(Room& room, std::string_view name);
// The newest revision of a record; nothing if there never was one.
Result<std::optional<RecordRevision>> newest_revision(Room& room, const RegisterInfo& in, std::string_view id);

// Records of a page with the times of their loads, each load read once.
class RecordWriter {
 public:
  RecordWriter(Room& room, const RegisterInfo& in) : room_(room), register_(in) {}

  // The schema Record.
  boost::json::object record(const RecordRevision& revision);
  // The schema Change.
  boost::json::object change(const Change& change);

 private:
  const LoadInfo* load(std::uint64_t batch);

  Room& room_;
  const RegisterInfo& register_;
  std::map<std::uint64_t, std::optional<LoadInfo>> loads_;
};

}  // namespace semak
