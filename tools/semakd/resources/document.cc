// /openapi.json: the document that the routes are compared with.
#include <memory>
#include <string>

#include "tools/semakd/resources/handlers.h"

extern const char semak_resources_openapi_begin[], semak_resources_openapi_end[];

namespace semak {

Response get_openapi(Room&, const Caller&, const Request&) {
  static const auto document =
      std::make_shared<const std::string>(semak_resources_openapi_begin, semak_resources_openapi_end);
  Response response;
  response.content_type = "application/json";
  response.shared_body = document;
  return response;
}

}  // namespace semak
