#include "tools/semakd/http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <optional>

#include "tools/semakd/http/server_core.h"

namespace semak {

using boost::asio::ip::tcp;
using NetAcceptor = boost::asio::basic_socket_acceptor<tcp, NetExecutor>;
using ErrorOfNet = boost::system::error_code;

void NetThread::enter(OpenConnection& connection) {
  connection.place_ = busy.insert(busy.end(), &connection);
  connection.resting_ = false;
}

void NetThread::leave(OpenConnection& connection) { (connection.resting_ ? resting : busy).erase(connection.place_); }

void NetThread::rest(OpenConnection& connection) {
  resting.splice(resting.end(), busy, connection.place_);
  connection.resting_ = true;
}

void NetThread::work(OpenConnection& connection) {
  busy.splice(busy.end(), resting, connection.place_);
  connection.resting_ = false;
}

const std::string& NetThread::now_text() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second) {
    date_second = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[64];
    date.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return date;
}

struct HttpServer::Impl {
  std::shared_ptr<ServerCore> core;
  std::vector<boost::asio::executor_work_guard<NetExecutor>> guards;
  std::optional<NetAcceptor> acceptor;
  std::promise<void> accepting_ended;
  std::uint16_t port = 0;
  bool stopped = false;

  Status listen();
  NetTask<void> accept_all();
  void take(NetSocket socket, NetThread& thread);
  void on_threads(const std::function<void(NetThread&)>& what);
};

Status HttpServer::Impl::listen() {
  const ServerOptions& options = core->options;
  ErrorOfNet error;
  const auto address = boost::asio::ip::make_address(options.address, error);
  if (error) {
    return Error{ErrorCode::invalid_input,
                 "listen: '" + options.address + "' is no IP address. Give one such as 127.0.0.1 or ::1"};
  }
  const tcp::endpoint endpoint(address, options.port);
  acceptor.emplace(core->threads.front()->io.get_executor());
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(4096, error);
  if (error) {
    const bool permission = error == boost::system::errc::permission_denied;
    return Error{permission ? ErrorCode::permission : ErrorCode::io,
                 "cannot listen on " + options.address + " port " + std::to_string(options.port) + ": " +
                     error.message() + ". Stop what listens there, or choose another port"};
  }
  port = acceptor->local_endpoint(error).port();
  return {};
}

void HttpServer::Impl::take(NetSocket socket, NetThread& thread) {
  ErrorOfNet error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  socket.set_option(tcp::no_delay(true), error);
  core->accepted++;
  if (core->connections >= core->options.connections_max) {
    // Who rested longest makes room; if nobody rests, there is none.
    core->evicted++;
    boost::asio::post(thread.io, [&thread] {
      if (!thread.resting.empty()) thread.resting.front()->cut();
    });
    if (core->connections >= core->options.connections_max + core->threads.size() * 64) {
      core->refused++;
      return;
    }
  }
  core->connections++;
  std::string peer = remote.address().to_string();
  if (core->options.tls) {
    serve_tls(core, thread, std::move(socket), std::move(peer));
  } else {
    serve_plain(core, thread, std::move(socket), std::move(peer));
  }
}

NetTask<void> HttpServer::Impl::accept_all() {
  NetTimer pause(core->threads.front()->io.get_executor());
  ErrorOfNet error;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable_t<NetExecutor>(), error);
  for (std::size_t turn = 0; !core->stopping; ++turn) {
    NetThread& thread = *core->threads[turn % core->threads.size()];
    NetSocket socket(thread.io.get_executor());
    co_await acceptor->async_accept(socket, token);
    if (!error) {
      take(std::move(socket), thread);
    } else if (error != boost::asio::error::operation_aborted) {
      core->refused++;  // out of descriptors: those who wait are taken when one is free
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(token);
    }
  }
  // Whoever connected before the end is still served.
  acceptor->non_blocking(true, error);
  while (!error) {
    NetThread& thread = *core->threads.front();
    NetSocket socket(thread.io.get_executor());
    acceptor->accept(socket, error);
    if (!error) take(std::move(socket), thread);
  }
  acceptor->close(error);
  accepting_ended.set_value();
}

void HttpServer::Impl::on_threads(const std::function<void(NetThread&)>& what) {
  for (const auto& thread : core->threads) {
    std::promise<void> done;
    boost::asio::post(thread->io, [&] {
      what(*thread);
      done.set_value();
    });
    done.get_future().wait();
  }
}

HttpServer::HttpServer() : impl_(std::make_unique<Impl>()) {}

HttpServer::~HttpServer() {
  if (impl_->core) stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, Application& application, Lanes& lanes) {
  std::unique_ptr<HttpServer> server(new HttpServer);
  Impl& impl = *server->impl_;
  auto core = std::make_shared<ServerCore>(std::move(options), application, lanes);
  if (core->options.tls) {
    SEMAK_TRY(auto tls, load_tls(*core->options.tls));
    core->set_tls(std::move(tls));
  }
  for (int i = 0; i < std::max(1, core->options.network_threads); ++i) {
    core->threads.push_back(std::make_unique<NetThread>());
  }
  impl.core = core;
  if (Status listening = impl.listen(); !listening) {
    impl.core = nullptr;
    impl.acceptor.reset();
    return std::move(listening).error();
  }
  for (const auto& thread : core->threads) {
    impl.guards.push_back(boost::asio::make_work_guard(thread->io));
    thread->thread = std::thread([&io = thread->io] { io.run(); });
  }
  const auto accepting = [&impl] { return impl.accept_all(); };
  boost::asio::co_spawn(core->threads.front()->io.get_executor(), accepting, boost::asio::detached);
  return server;
}

std::uint16_t HttpServer::port() const { return impl_->port; }

Status HttpServer::reload_tls() {
  if (!impl_->core->options.tls) return {};
  SEMAK_TRY(auto tls, load_tls(*impl_->core->options.tls));
  impl_->core->set_tls(std::move(tls));
  return {};
}

void HttpServer::stop(std::chrono::milliseconds patience) {
  if (impl_->stopped) return;
  impl_->stopped = true;
  ServerCore& core = *impl_->core;
  core.stopping = true;
  const auto begun = std::chrono::steady_clock::now();
  const auto passed = [begun] { return std::chrono::steady_clock::now() - begun; };
  boost::asio::post(core.threads.front()->io, [this] {
    ErrorOfNet ignored;
    impl_->acceptor->cancel(ignored);
  });
  impl_->accepting_ended.get_future().wait();

  // Streams end now; open connections may send one more request until they have lingered; then whoever rests is cut,
  // and after `patience` everyone.
  const auto linger = std::min(patience, core.options.linger_time);
  bool lingered = false, cut = false;
  while (core.connections > 0) {
    lingered = lingered || passed() >= linger;
    cut = cut || passed() >= patience;
    impl_->on_threads([&](NetThread& thread) {
      const auto busy = thread.busy, resting = thread.resting;
      for (OpenConnection* connection : busy) {
        if (cut) {
          connection->cut();
        } else {
          connection->wake();
        }
      }
      if (!lingered) return;
      for (OpenConnection* connection : resting) connection->cut();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (auto& guard : impl_->guards) guard.reset();
  for (const auto& thread : core.threads) thread->thread.join();
}

ServerCounters HttpServer::counters() const {
  const ServerCore& core = *impl_->core;
  ServerCounters counters;
  counters.connections = core.connections;
  counters.accepted = core.accepted;
  counters.refused = core.refused;
  counters.evicted = core.evicted;
  counters.requests = core.requests;
  counters.faults = core.faults;
  counters.timeouts = core.timeouts;
  counters.handshakes_failed = core.handshakes_failed;
  counters.peer_left = core.peer_left;
  counters.body_bytes = core.body_bytes;
  return counters;
}

}  // namespace semak
