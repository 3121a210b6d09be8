// A client that says what it sends byte for byte and reads one answer: what the tests of the service speak with.
#pragma once

#include <arpa/inet.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace semak {

struct HttpAnswer {
  int status = 0;                              // 0: no answer
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;                            // chunks joined

  boost::json::value json() const {
    boost::system::error_code failed;
    boost::json::value value = boost::json::parse(body, failed);
    return failed ? boost::json::value(nullptr) : value;
  }
  std::string header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? std::string() : at->second;
  }
  // The text at "a/b/0/c" of a JSON body; "" if there is none.
  std::string text(std::string_view path) const {
    boost::json::value now = json();
    while (!path.empty()) {
      const std::string step(path.substr(0, path.find('/')));
      path.remove_prefix(std::min(step.size() + 1, path.size()));
      const boost::json::value* next = nullptr;
      if (now.is_object()) next = now.get_object().if_contains(step);
      if (now.is_array()) next = now.get_array().if_contains(static_cast<std::size_t>(std::atoi(step.c_str())));
      if (next == nullptr) return {};
      now = boost::json::value(*next);
    }
    return now.is_string() ? std::string(now.get_string()) : boost::json::serialize(now);
  }
};

class HttpClient {
 public:
  HttpClient(std::uint16_t port, std::string key) : port_(port), key_(std::move(key)) {}

  using Headers = std::vector<std::pair<std::string, std::string>>;

  HttpAnswer get(const std::string& target, const Headers& headers = {}) const {
    return send("GET", target, {}, {}, headers);
  }
  HttpAnswer post(const std::string& target, const std::string& body, const Headers& headers = {}) const {
    return send("POST", target, body, body.empty() ? "" : "application/json", headers);
  }

  HttpAnswer send(const std::string& method, const std::string& target, const std::string& body,
                  const std::string& type, const Headers& headers = {}) const {
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    if (!key_.empty()) request += "Authorization: Bearer " + key_ + "\r\n";
    if (!type.empty()) request += "Content-Type: " + type + "\r\n";
    for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
    if (!body.empty() || method == "POST" || method == "PUT")
      request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return parse(exchange(request + "\r\n" + body));
  }

 private:
  std::string exchange(const std::string& request) const {
    const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      for (std::string_view rest = request; !rest.empty();) {
        const ssize_t sent = ::send(peer, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(sent));
      }
      char block[16384];
      for (ssize_t got; (got = ::recv(peer, block, sizeof block, 0)) > 0;)
        answer.append(block, static_cast<std::size_t>(got));
    }
    ::close(peer);
    return answer;
  }

  static HttpAnswer parse(const std::string& text) {
    HttpAnswer answer;
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos || text.size() < 12) return answer;
    answer.status = std::atoi(text.c_str() + 9);
    std::size_t at = text.find("\r\n") + 2;
    while (at < end + 2) {
      const std::size_t stop = text.find("\r\n", at);
      const std::size_t colon = text.find(':', at);
      std::string name = text.substr(at, colon - at);
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      std::size_t value = colon + 1;
      while (value < stop && text[value] == ' ') ++value;
      answer.headers[name] = text.substr(value, stop - value);
      at = stop + 2;
    }
    answer.body = text.substr(end + 4);
    if (answer.header("transfer-encoding") == "chunked") answer.body = unchunked(answer.body);
    return answer;
  }

  static std::string unchunked(const std::string& text) {
    std::string body;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = std::strtoul(text.c_str() + at, nullptr, 16);
      at = text.find("\r\n", at);
      if (at == std::string::npos || size == 0) break;
      body += text.substr(at + 2, size);
      at += size + 4;
    }
    return body;
  }

  std::uint16_t port_;
  std::string key_;
};

}  // namespace semak
