// A client that sends what it is told, right or wrong, and reads what comes: a blocking socket.
#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace semak {

struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), read_(std::move(other.read_)) {}
  RawClient& operator=(RawClient&&) = delete;

  bool connected() const { return connected_; }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t size = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  // nullopt: the connection ended first, or nothing came for `wait_ms`.
  std::optional<RawResponse> response(bool head_only = false, int wait_ms = 120'000) {
    const auto head_end = need("\r\n\r\n", wait_ms);
    if (!head_end) return std::nullopt;
    const std::string head = take(*head_end + 4);
    RawResponse response;
    response.status = std::atoi(head.c_str() + 9);
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
      const std::size_t end = head.find("\r\n", at), colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      response.headers[name] = head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    if (head_only || response.status == 100 || response.status == 204 || response.status == 304) return response;
    if (response.headers.contains("content-length")) {
      const auto size = static_cast<std::size_t>(std::atoll(response.headers["content-length"].c_str()));
      while (read_.size() < size) {
        if (!more(wait_ms)) return std::nullopt;
      }
      response.body = take(size);
      return response;
    }
    if (!response.headers.contains("transfer-encoding")) {
      while (more(wait_ms)) {
      }
      response.body = take(read_.size());
      return response;
    }
    while (true) {
      const auto chunk = this->chunk(wait_ms);
      if (!chunk) return std::nullopt;
      if (chunk->empty()) return response;
      response.body += *chunk;
    }
  }

  // The next chunk of a chunked body; empty: the last.
  std::optional<std::string> chunk(int wait_ms = 120'000) {
    const auto line = need("\r\n", wait_ms);
    if (!line) return std::nullopt;
    const auto size = static_cast<std::size_t>(std::strtoull(take(*line + 2).c_str(), nullptr, 16));
    while (read_.size() < size + 2) {
      if (!more(wait_ms)) return std::nullopt;
    }
    std::string text = take(size);
    take(2);
    return text;
  }

  // Whether the server ends the connection within the time; what it says until then is dropped.
  bool ends(int wait_ms = 120'000) {
    while (true) {
      pollfd poll_one{socket_, POLLIN, 0};
      if (::poll(&poll_one, 1, wait_ms) <= 0) return false;
      char text[4096];
      if (::recv(socket_, text, sizeof text, 0) <= 0) return true;
    }
  }

 private:
  bool more(int wait_ms) {
    pollfd poll_one{socket_, POLLIN, 0};
    if (::poll(&poll_one, 1, wait_ms) <= 0) return false;
    char text[16384];
    const ssize_t size = ::recv(socket_, text, sizeof text, 0);
    if (size <= 0) return false;
    read_.append(text, static_cast<std::size_t>(size));
    return true;
  }
  std::optional<std::size_t> need(std::string_view what, int wait_ms) {
    while (read_.find(what) == std::string::npos) {
      if (!more(wait_ms)) return std::nullopt;
    }
    return read_.find(what);
  }
  std::string take(std::size_t size) {
    std::string text = read_.substr(0, size);
    read_.erase(0, size);
    return text;
  }

  int socket_ = -1;
  bool connected_ = false;
  std::string read_;
};

}  // namespace semak
