#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "tools/semakd/http/connection.h"

namespace semak {

using TlsStream = boost::beast::ssl_stream<NetStream>;

template <>
NetTask<bool> Connection<TlsStream>::handshake() {
  allow(core_->options.handshake_time);
  co_await stream_.async_handshake(boost::asio::ssl::stream_base::server, token());
  if (error_) core_->handshakes_failed++;
  co_return !error_;
}

template <>
NetTask<void> Connection<TlsStream>::say_goodbye() {
  if (error_) co_return;
  allow(std::chrono::seconds(1));
  co_await stream_.async_shutdown(token());
}

void serve_tls(std::shared_ptr<ServerCore> core, NetThread& thread, NetSocket socket, std::string peer) {
  const std::shared_ptr<boost::asio::ssl::context> tls = core->tls();
  auto connection =
      std::make_shared<Connection<TlsStream>>(std::move(core), thread, std::move(peer), tls, std::move(socket), *tls);
  const auto run = [connection] { return connection->run(); };
  boost::asio::co_spawn(thread.io.get_executor(), run, boost::asio::detached);
}

}  // namespace semak
