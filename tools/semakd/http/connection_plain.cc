#include <boost/asio/detached.hpp>

#include "tools/semakd/http/connection.h"

namespace semak {

template <>
NetTask<bool> Connection<NetStream>::handshake() {
  co_return true;
}

template <>
NetTask<void> Connection<NetStream>::say_goodbye() {
  co_return;
}

void serve_plain(std::shared_ptr<ServerCore> core, NetThread& thread, NetSocket socket, std::string peer) {
  auto connection =
      std::make_shared<Connection<NetStream>>(std::move(core), thread, std::move(peer), nullptr, std::move(socket));
  const auto run = [connection] { return connection->run(); };
  boost::asio::co_spawn(thread.io.get_executor(), run, boost::asio::detached);
}

}  // namespace semak
