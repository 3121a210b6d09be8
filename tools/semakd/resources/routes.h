// The one table of the resources: what openapi.json promises, row by row; a test compares the two both ways.
#pragma once

#include <span>

#include "tools/semakd/resources/room.h"
#include "tools/semakd/route.h"

namespace semak {

struct ResourceRow {
  Method method;
  const char* pattern;
  const char* operation;
  RoleSet roles;
  ResourceHandler handle;
  Lane lane = Lane::interactive;
  std::size_t body_max = 0;
  bool takes_query = false;                     // false: any query parameter is refused
  bool multipart = false;                       // besides, or in place of, JSON
  bool json = true;                             // a body may be JSON
  bool open = false;                            // no key needed
  ResourceLaterHandler handle_later = nullptr;  // goes before `handle`
};

std::span<const ResourceRow> resource_rows();

// operationIds that a role may use, the service's own among them, in the order of the table.
std::vector<const char*> operations_of(Role role);

}  // namespace semak
