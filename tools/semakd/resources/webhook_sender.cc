#include "tools/semakd/resources/webhook_sender.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <boost/url/parse.hpp>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/keys/key_ring.h"

namespace semak {
namespace {

using Clock = std::chrono::steady_clock;

Error failed(std::string_view why) { return {ErrorCode::unavailable, std::string(why)}; }

std::optional<std::string> address_bytes(const std::string& host) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 16);
  return std::nullopt;
}

// Whether the first `bits` of both are equal.
bool in_network(std::string_view address, std::string_view network, unsigned bits) {
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned mask = 0x80u >> (i % 8);
    if ((static_cast<unsigned char>(address[i / 8]) & mask) != (static_cast<unsigned char>(network[i / 8]) & mask))
      return false;
  }
  return true;
}

struct Network {
  std::array<unsigned char, 16> bytes;
  unsigned bits;
};
// IANA's special-purpose registry: what is not globally reachable.
constexpr Network kPrivate4[] = {{{0}, 8},
                                 {{10}, 8},
                                 {{100, 64}, 10},
                                 {{127}, 8},
                                 {{169, 254}, 16},
                                 {{172, 16}, 12},
                                 {{192, 0, 0}, 24},
                                 {{192, 0, 2}, 24},
                                 {{192, 88, 99}, 24},
                                 {{192, 168}, 16},
                                 {{198, 18}, 15},
                                 {{198, 51, 100}, 24},
                                 {{203, 0, 113}, 24},
                                 {{224}, 4},
                                 {{240}, 4}};
// Of 2000::/3, outside of which nothing is public: Teredo and other assignments, documentation, 6to4.
constexpr Network kPrivate6[] = {
    {{0x20, 0x01}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x20, 0x02}, 16}, {{0x3f, 0xff}, 20}};

std::string_view view_of(const Network& network) {
  return {reinterpret_cast<const char*>(network.bytes.data()), network.bytes.size()};
}

bool is_mapped4(std::string_view address) {
  constexpr std::string_view kPrefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  return address.size() == 16 && address.substr(0, 12) == kPrefix;
}

// A connected socket with the time that is left.
class Connection {
 public:
  explicit Connection(std::chrono::milliseconds time) : end_(Clock::now() + time) {}
  ~Connection() {
    tls_.reset();
    if (socket_ >= 0) ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Status connect(const WebhookUrl& url, const SendOptions& options);
  Status start_tls(const WebhookUrl& url);
  Status write(std::string_view bytes);
  // What came; empty at the end.
  Result<std::string> read();

 private:
  Status wait(short events);
  Status connect_to(const addrinfo& address);
  Status tls_wait(int result);

  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  struct FreeTls {
    void operator()(SSL* tls) const { SSL_free(tls); }
  };
  Clock::time_point end_;
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeTls> tls_;
};

Status Connection::wait(short events) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
    if (left <= 0) return failed("it took too long");
    pollfd ready{socket_, events, 0};
    const int count = ::poll(&ready, 1, static_cast<int>(left));
    if (count > 0) return {};
    if (count < 0 && errno != EINTR) return failed("the connection failed");
  }
}

std::string_view bytes_of(const addrinfo& address) {
  if (address.ai_family == AF_INET)
    return {reinterpret_cast<const char*>(&reinterpret_cast<const sockaddr_in*>(address.ai_addr)->sin_addr), 4};
  if (address.ai_family == AF_INET6)
    return {reinterpret_cast<const char*>(&reinterpret_cast<const sockaddr_in6*>(address.ai_addr)->sin6_addr), 16};
  return {};
}

Status Connection::connect_to(const addrinfo& address) {
  if (socket_ >= 0) ::close(socket_);
  socket_ = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (socket_ < 0) return failed("no socket");
  if (::connect(socket_, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return failed("no connection");
    SEMAK_TRY_STATUS(wait(POLLOUT));
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return failed("no connection");
  }
  return {};
}

Status Connection::connect(const WebhookUrl& url, const SendOptions& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = url.is_address ? AI_NUMERICHOST : AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found) != 0)
    return failed("the host has no address");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  Status status = failed("the host has no public address");
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const std::string_view bytes = bytes_of(*address);
    if (bytes.empty()) continue;
    const bool allowed = is_public_address(bytes) || (options.allow_loopback && is_loopback_address(bytes));
    // Without TLS only this machine is spoken to, whatever the name of the host says by now.
    if (!allowed || (!url.tls && !is_loopback_address(bytes))) continue;
    status = connect_to(*address);
    if (status) return status;
  }
  return status;
}

Status Connection::tls_wait(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ: return wait(POLLIN);
    case SSL_ERROR_WANT_WRITE: return wait(POLLOUT);
    default: break;
  }
  if (SSL_get_verify_result(tls_.get()) != X509_V_OK) return failed("its certificate is not trusted");
  return failed("TLS failed");
}

Status Connection::start_tls(const WebhookUrl& url) {
  ERR_clear_error();
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (!context_ || SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_default_verify_paths(context_.get()) != 1)
    return failed("TLS cannot be set up");
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  tls_.reset(SSL_new(context_.get()));
  if (!tls_ || SSL_set_fd(tls_.get(), socket_) != 1) return failed("TLS cannot be set up");
  X509_VERIFY_PARAM* verify = SSL_get0_param(tls_.get());
  if (url.is_address) {
    if (X509_VERIFY_PARAM_set1_ip_asc(verify, url.host.c_str()) != 1) return failed("TLS cannot be set up");
  } else if (SSL_set_tlsext_host_name(tls_.get(), url.host.c_str()) != 1 ||
             SSL_set1_host(tls_.get(), url.host.c_str()) != 1) {
    return failed("TLS cannot be set up");
  }
  for (int result; (result = SSL_connect(tls_.get())) != 1;) SEMAK_TRY_STATUS(tls_wait(result));
  return {};
}

Status Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (tls_) {
      std::size_t written = 0;
      const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
      if (result != 1) SEMAK_TRY_STATUS(tls_wait(result));
      bytes.remove_prefix(written);
      continue;
    }
    const ssize_t written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      SEMAK_TRY_STATUS(wait(POLLOUT));
    } else if (errno != EINTR) {
      return failed("the connection broke");
    }
  }
  return {};
}

Result<std::string> Connection::read() {
  std::string bytes(4096, '\0');
  while (true) {
    if (tls_) {
      std::size_t got = 0;
      const int result = SSL_read_ex(tls_.get(), bytes.data(), bytes.size(), &got);
      if (result == 1) {
        bytes.resize(got);
        return bytes;
      }
      if (SSL_get_error(tls_.get(), result) == SSL_ERROR_ZERO_RETURN) return std::string();
      SEMAK_TRY_STATUS(tls_wait(result));
      continue;
    }
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got >= 0) {
      bytes.resize(static_cast<std::size_t>(got));
      return bytes;
    }
    if (errno == EAGAIN) {
      SEMAK_TRY_STATUS(wait(POLLIN));
    } else if (errno != EINTR) {
      return failed("the connection broke");
    }
  }
}

// "HTTP/1.1 204 No Content": 204; 0 if it is none.
int status_of(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return 0;
  int status = 0;
  for (const char c : line.substr(9, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

std::optional<std::uint16_t> port_of(boost::core::string_view text, bool tls) {
  if (text.empty()) return static_cast<std::uint16_t>(tls ? 443 : 80);
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + static_cast<unsigned>(c - '0');
    if (port > 65535) return std::nullopt;
  }
  return port == 0 ? std::nullopt : std::optional(static_cast<std::uint16_t>(port));
}

}  // namespace

bool is_loopback_address(std::string_view bytes) {
  if (bytes.size() == 4) return bytes[0] == 127;
  if (is_mapped4(bytes)) return bytes[12] == 127;
  constexpr std::string_view kLoopback6("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  return bytes == kLoopback6;
}

bool is_public_address(std::string_view bytes) {
  if (is_mapped4(bytes)) return is_public_address(bytes.substr(12));
  if (bytes.size() == 4)
    return std::none_of(std::begin(kPrivate4), std::end(kPrivate4),
                        [&](const Network& network) { return in_network(bytes, view_of(network), network.bits); });
  constexpr Network kGlobal{{0x20}, 3};
  return bytes.size() == 16 && in_network(bytes, view_of(kGlobal), kGlobal.bits) &&
         std::none_of(std::begin(kPrivate6), std::end(kPrivate6),
                      [&](const Network& network) { return in_network(bytes, view_of(network), network.bits); });
}

std::optional<WebhookUrl> parse_webhook_url(std::string_view text, bool allow_loopback) {
  const auto parsed = boost::urls::parse_uri(boost::core::string_view(text.data(), text.size()));
  if (!parsed) return std::nullopt;
  const auto& url = *parsed;
  WebhookUrl out;
  const auto scheme = url.scheme_id();
  if (scheme != boost::urls::scheme::https && scheme != boost::urls::scheme::http) return std::nullopt;
  out.tls = scheme == boost::urls::scheme::https;
  if (url.has_userinfo() || url.has_fragment() || url.encoded_host().empty()) return std::nullopt;
  out.host = url.host_address();
  if (out.host.empty() || out.host.size() > 253) return std::nullopt;
  const bool plain = std::all_of(out.host.begin(), out.host.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  const auto port = port_of(url.port(), out.tls);
  if (!plain || !port) return std::nullopt;
  out.port = *port;
  out.target = std::string(url.encoded_path());
  if (out.target.empty()) out.target = "/";
  if (url.has_query()) out.target.append("?").append(url.encoded_query());
  const auto address = address_bytes(out.host);
  out.is_address = address.has_value();
  const bool here = address ? is_loopback_address(*address) : out.host == "localhost";
  if (here) return allow_loopback ? std::optional(std::move(out)) : std::nullopt;
  if (!out.tls || (address && !is_public_address(*address))) return std::nullopt;
  // "127.1", "0x7f.1", "2130706433": numbers that resolvers take for addresses. A public name ends in letters.
  const std::string last = out.host.substr(out.host.rfind('.') + 1);
  if (!address && (last.empty() || (last.front() >= '0' && last.front() <= '9'))) return std::nullopt;
  return out;
}

std::string webhook_signature(std::string_view secret, std::int64_t seconds, std::string_view body) {
  const std::string signed_text = fmt::format("{}.{}", seconds, body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), digest.data(), &size);
  return fmt::format("t={},v1={}", seconds, hex({reinterpret_cast<const char*>(digest.data()), size}));
}

Result<int> send_webhook(const WebhookUrl& url, const std::vector<std::pair<std::string, std::string>>& headers,
                         std::string_view body, const SendOptions& options) {
  Connection connection(options.time);
  SEMAK_TRY_STATUS(connection.connect(url, options));
  if (url.tls) SEMAK_TRY_STATUS(connection.start_tls(url));
  const bool brackets = url.host.find(':') != std::string::npos;
  const bool usual = url.port == (url.tls ? 443 : 80);
  std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: {}{}{}{}\r\n", url.target, brackets ? "[" : "", url.host,
                                    brackets ? "]" : "", usual ? std::string() : fmt::format(":{}", url.port));
  for (const auto& [name, value] : headers) request += fmt::format("{}: {}\r\n", name, value);
  request += fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n{}", body.size(), body);
  SEMAK_TRY_STATUS(connection.write(request));
  std::string answer;
  constexpr std::size_t kLineMax = 4096;
  while (answer.find("\r\n") == std::string::npos) {
    SEMAK_TRY(const std::string more, connection.read());
    if (more.empty() || answer.size() > kLineMax) return failed("it did not answer with HTTP");
    answer += more;
  }
  const int status = status_of(answer);
  if (status < 100) return failed("it did not answer with HTTP");
  return status;
}

}  // namespace semak
