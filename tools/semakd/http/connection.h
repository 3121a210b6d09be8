// One connection: reads requests in order, has them answered, writes the responses in order. A template over the
// stream, so that plain and TLS connections are the same code. Internal to http/.
//
// g++ 12 destroys lambda and aggregate temporaries inside a co_await expression twice: name them first.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>

#include "tools/semakd/http/head.h"
#include "tools/semakd/http/server_core.h"

namespace semak {

using NetStream = boost::beast::basic_stream<boost::asio::ip::tcp, NetExecutor, boost::beast::unlimited_rate_policy>;

inline constexpr std::size_t kSendGrain = std::size_t{256} << 10;  // has ServerOptions::write_time each
inline constexpr std::size_t kForgottenBody = std::size_t{64}
                                              << 10;  // of a refused request: read, to keep the connection
inline constexpr std::size_t kLingerBytesMax = std::size_t{1} << 20;

// What the requests at hand hold of the server's memory for bodies.
class BodyShare {
 public:
  BodyShare(std::atomic<std::uint64_t>& used, std::size_t most) : used_(used), most_(most) {}
  ~BodyShare() { used_ -= mine_; }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  // False if all requests together would hold too much.
  bool grow_to(std::size_t bytes) {
    if (bytes <= mine_) return true;
    const std::size_t more = bytes - mine_;
    if (used_.fetch_add(more) + more > most_) {
      used_ -= more;
      return false;
    }
    mine_ = bytes;
    return true;
  }

 private:
  std::atomic<std::uint64_t>& used_;
  std::size_t most_, mine_ = 0;
};

template <class Stream>
class Connection : public OpenConnection, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  using Clock = std::chrono::steady_clock;
  using ErrorCode = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  template <class... StreamArguments>
  Connection(std::shared_ptr<ServerCore> core, NetThread& thread, std::string peer, std::shared_ptr<void> keeps,
             StreamArguments&&... arguments)
      : core_(std::move(core)),
        thread_(thread),
        keeps_(std::move(keeps)),
        stream_(std::forward<StreamArguments>(arguments)...),
        done_timer_(thread.io.get_executor()),
        head_timer_(thread.io.get_executor()),
        peer_(std::move(peer)),
        number_(core_->next_connection++),
        buffer_(std::max<std::size_t>(core_->options.header_bytes_max * 2, 64 << 10)) {}
  ~Connection() override { core_->connections--; }

  NetTask<void> run();
  void cut() override {
    ErrorCode ignored;
    lowest().socket().close(ignored);
    done_timer_.cancel();
  }
  void wake() override {
    if (streaming_) done_timer_.cancel();
  }

 private:
  enum class Next : std::uint8_t { request, close, linger };

  auto token() { return boost::asio::redirect_error(boost::asio::use_awaitable_t<NetExecutor>(), error_); }
  NetStream& lowest() { return boost::beast::get_lowest_layer(stream_); }
  void allow(std::chrono::milliseconds time) { lowest().expires_after(time); }

  NetTask<bool> handshake();    // per kind of stream
  NetTask<void> say_goodbye();  // per kind of stream: TLS close_notify
  NetTask<bool> first_bytes();  // of the next request
  NetTask<bool> read_header(Parser& parser);
  NetTask<Next> serve_one();
  NetTask<Next> serve(Request& request, Parser& parser, Clock::time_point begun);
  NetTask<bool> read_body(Parser& parser, const Admission& admission, BodyShare& share);
  NetTask<Next> refuse(HttpFault fault, Request& request);
  NetTask<bool> respond(Request& request, Admission& admission, Response& response, bool head_only, Exchange& exchange);
  NetTask<bool> send(std::string_view head, std::string_view body);
  NetTask<bool> send_stream(Admission& admission, Response& response, bool chunked, Exchange& exchange);
  bool answer(Request& request, Admission& admission, Response& response);
  NetTask<bool> on_lane(Lane lane, bool bounded);
  void work_is_done();
  NetTask<void> linger();

  std::shared_ptr<ServerCore> core_;
  NetThread& thread_;
  std::shared_ptr<void> keeps_;  // what the stream refers to
  Stream stream_;
  NetTimer done_timer_, head_timer_;
  std::string peer_;
  std::uint64_t number_, requests_ = 0, head_waits_ = 0;
  boost::beast::flat_buffer buffer_;
  ErrorCode error_;
  std::string head_;                    // of the response, kept for its memory
  std::function<bool()> work_;          // false: it is done when work_is_done()
  std::atomic<bool> answered_ = false;  // the request at hand: by its handler, or because that threw
  bool work_done_ = false, work_late_ = false, streaming_ = false, minor_zero_ = false, head_late_ = false;
};

template <class Stream>
NetTask<void> Connection<Stream>::run() {
  thread_.enter(*this);
  try {
    if (co_await handshake()) {
      Next next = Next::request;
      while (next == Next::request) next = co_await serve_one();
      if (next == Next::linger) {
        co_await linger();
      } else {
        co_await say_goodbye();
      }
    }
  } catch (const std::exception&) {
    core_->faults++;  // out of memory: this connection ends, the others go on
  }
  ErrorCode ignored;
  lowest().socket().close(ignored);
  thread_.leave(*this);
}

// Reads what there is, so that a connection which says nothing holds no more than a small buffer.
template <class Stream>
NetTask<bool> Connection<Stream>::first_bytes() {
  if (buffer_.size() > 0) co_return true;
  if (buffer_.capacity() > 4096) {
    buffer_.clear();
    buffer_.shrink_to_fit();
  }
  thread_.rest(*this);
  allow(core_->options.idle_time);
  const std::size_t size = co_await stream_.async_read_some(buffer_.prepare(2048), token());
  thread_.work(*this);
  if (error_) co_return false;
  buffer_.commit(size);
  co_return true;
}

// False: error_ says why, or head_late_. The time of a header ends the reading and not the stream, so that the peer can
// be told; most headers are there with their first bytes, and no timer is set.
template <class Stream>
NetTask<bool> Connection<Stream>::read_header(Parser& parser) {
  namespace http = boost::beast::http;
  head_late_ = false;
  error_ = {};
  parser.eager(false);
  buffer_.consume(parser.put(buffer_.data(), error_));
  if (error_ != http::error::need_more) co_return !error_;
  lowest().expires_never();
  head_timer_.expires_after(core_->options.header_time);
  head_timer_.async_wait([self = this->shared_from_this(), wait = ++head_waits_](ErrorCode error) {
    if (error || wait != self->head_waits_) return;
    self->head_late_ = true;
    self->lowest().cancel();
  });
  co_await http::async_read_header(stream_, buffer_, parser, token());
  ++head_waits_;
  head_timer_.cancel();
  head_late_ = head_late_ && error_;
  co_return !error_;
}

template <class Stream>
NetTask<typename Connection<Stream>::Next> Connection<Stream>::serve_one() {
  namespace http = boost::beast::http;
  if (!co_await first_bytes()) co_return Next::close;
  const Clock::time_point begun = Clock::now();
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(core_->options.header_bytes_max));
  parser.body_limit(boost::none);  // judged below, when it is known what the request is
  const bool read = co_await read_header(parser);

  Request request;
  request.peer = peer_;
  request.secure = core_->options.tls.has_value();
  request.received = begun;
  if (!read) {
    if (head_late_) {
      core_->timeouts++;
      co_return co_await refuse(HttpFault::header_timeout, request);
    }
    if (error_ == http::error::header_limit || error_ == http::error::buffer_overflow) {
      co_return co_await refuse(HttpFault::header_too_large, request);
    }
    const bool of_http = error_.category() == http::make_error_code(http::error::bad_method).category();
    if (!of_http || error_ == http::error::end_of_stream || error_ == http::error::partial_message)
      co_return Next::close;
    co_return co_await refuse(error_ == http::error::bad_version ? HttpFault::version : HttpFault::malformed, request);
  }

  auto& message = parser.get();
  request.method = method_from({message.method_string().data(), message.method_string().size()});
  request.target.assign(message.target().data(), message.target().size());
  for (const auto& field : message) {
    request.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  minor_zero_ = message.version() == 10;
  std::string id(24, '0');
  std::snprintf(id.data(), id.size() + 1, "%08x%08x%08x", static_cast<unsigned>(std::time(nullptr)),
                static_cast<unsigned>(number_), static_cast<unsigned>(++requests_));
  const auto fault = read_head(request, minor_zero_ ? 0 : 1, core_->options, std::move(id));
  if (fault) co_return co_await refuse(*fault, request);
  core_->requests++;
  co_return co_await serve(request, parser, begun);
}

template <class Stream>
NetTask<typename Connection<Stream>::Next> Connection<Stream>::serve(Request& request, Parser& parser,
                                                                     Clock::time_point begun) {
  const bool head_only = request.method == Method::head;
  Admission admission = core_->application.admit(request);
  if (admission.slow) {
    admission.slow = false;
    std::optional<HttpFault> late;
    work_ = [this, &request, &admission, &late] {
      try {
        core_->application.admit_slowly(request, admission);
      } catch (const std::exception&) {
        late = HttpFault::handler_threw;
      }
      return true;
    };
    if (!co_await on_lane(Lane::interactive, true)) late = HttpFault::overloaded;
    if (late) admission.refusal = core_->application.fault(*late, request);
  }

  const auto announced = parser.content_length();
  const bool has_body = parser.chunked() || (announced && *announced > 0);
  BodyShare share(core_->body_bytes, core_->options.bodies_bytes_max);
  bool body_read = !has_body;
  if (!admission.refusal && has_body) {
    if (announced && *announced > admission.body_max) {
      admission.refusal = core_->application.fault(HttpFault::body_too_large, request);
    } else if (!co_await read_body(parser, admission, share)) {
      HttpFault fault = HttpFault::malformed;
      if (error_ == boost::beast::http::error::body_limit) {
        fault = HttpFault::body_too_large;
      } else if (error_ == boost::system::errc::not_enough_memory) {
        fault = HttpFault::no_memory;
      } else if (error_.category() != make_error_code(boost::beast::http::error::bad_method).category() ||
                 error_ == boost::beast::http::error::partial_message) {
        if (error_ == boost::beast::error::timeout) core_->timeouts++;
        core_->peer_left++;
        co_return Next::close;
      }
      admission.refusal = core_->application.fault(fault, request);
    } else {
      body_read = true;
      request.body = std::move(parser.get().body());
    }
  } else if (!admission.refusal) {
    request.body.clear();
  }

  Response response;
  Clock::duration waited{};
  if (admission.refusal) {
    response = std::move(*admission.refusal);
  } else {
    const Clock::time_point queued = Clock::now();
    work_ = [this, &request, &admission, &response, &waited, queued] {
      waited = Clock::now() - queued;
      return answer(request, admission, response);
    };
    if (!co_await on_lane(admission.lane, true)) response = core_->application.fault(HttpFault::overloaded, request);
  }

  // A body that was not read: a small one is read and forgotten, so that the connection can go on.
  bool keep_alive = parser.keep_alive() && !minor_zero_ && !response.close && !core_->stopping;
  if (!body_read && keep_alive) {
    const bool waits = request.headers.find("Expect") != nullptr;
    if (announced && *announced <= kForgottenBody && !waits) {
      parser.body_limit(kForgottenBody);
      allow(core_->options.body_time);
      co_await boost::beast::http::async_read(stream_, buffer_, parser, token());
      if (error_) co_return Next::close;
      body_read = true;
    } else {
      keep_alive = false;
    }
  }
  response.close = !keep_alive;
  Exchange exchange{request, admission, response.status};
  exchange.waited = waited;
  const bool sent = co_await respond(request, admission, response, head_only, exchange);
  exchange.whole = Clock::now() - begun;
  exchange.cut = !sent;
  core_->application.finished(exchange);
  if (!sent) core_->peer_left++;
  if (!sent) co_return Next::close;
  co_return keep_alive && !response.close ? Next::request : Next::linger;
}

template <class Stream>
NetTask<bool> Connection<Stream>::read_body(Parser& parser, const Admission& admission, BodyShare& share) {
  namespace http = boost::beast::http;
  const auto announced = parser.content_length();
  const std::size_t expected = announced ? static_cast<std::size_t>(*announced) : 0;
  const auto no_room = boost::system::errc::make_error_code(boost::system::errc::not_enough_memory);
  if (!share.grow_to(expected)) {
    error_ = no_room;
    co_return false;
  }
  const bool waits = parser.get().find(http::field::expect) != parser.get().end();
  if (waits && buffer_.size() == 0) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!co_await send(kContinue, std::string_view())) co_return false;
  }
  parser.body_limit(admission.body_max);
  const auto time_for = [this](std::size_t bytes) {
    return std::chrono::milliseconds(1000 * bytes / core_->options.body_bytes_per_second_min);
  };
  Clock::time_point deadline = Clock::now() + core_->options.body_time + time_for(expected);
  std::size_t paid = expected;
  while (!parser.is_done()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      error_ = boost::beast::error::timeout;
      co_return false;
    }
    allow(std::min(left, core_->options.body_time));
    co_await http::async_read_some(stream_, buffer_, parser, token());
    if (error_ == http::error::need_buffer) error_ = {};
    if (error_) co_return false;
    const std::size_t size = parser.get().body().size();
    if (size > paid) {  // chunked: its length is told bit by bit, and so is its time
      deadline += time_for(size - paid);
      paid = size;
      if (!share.grow_to(size)) {
        error_ = no_room;
        co_return false;
      }
    }
  }
  co_return true;
}

template <class Stream>
NetTask<typename Connection<Stream>::Next> Connection<Stream>::refuse(HttpFault fault, Request& request) {
  core_->faults++;
  Admission admission;
  Response response = core_->application.fault(fault, request);
  response.close = true;
  Exchange exchange{request, admission, response.status};
  const bool sent = co_await respond(request, admission, response, request.method == Method::head, exchange);
  exchange.cut = !sent;
  core_->application.finished(exchange);
  co_return sent ? Next::linger : Next::close;
}

template <class Stream>
NetTask<bool> Connection<Stream>::respond(Request& request, Admission& admission, Response& response, bool head_only,
                                          Exchange& exchange) {
  const bool bodiless = response.status == HttpStatus::no_content || response.status == HttpStatus::not_modified;
  const std::string_view body = response.shared_body ? std::string_view(*response.shared_body) : response.body;
  BodyFraming framing = bodiless ? BodyFraming::none : BodyFraming::length;
  if (response.stream && !bodiless) framing = minor_zero_ ? BodyFraming::until_close : BodyFraming::chunked;
  if (framing == BodyFraming::until_close) response.close = true;
  head_.clear();
  append_head(head_, response, framing, body.size(), !response.close, thread_.now_text(), request.request_id);
  exchange.bytes_sent = head_.size();
  if (head_only || bodiless) co_return co_await send(head_, std::string_view());
  if (!response.stream) {
    exchange.bytes_sent += body.size();
    co_return co_await send(head_, body);
  }
  if (!co_await send(head_, std::string_view())) co_return false;
  co_return co_await send_stream(admission, response, framing == BodyFraming::chunked, exchange);
}

template <class Stream>
NetTask<bool> Connection<Stream>::send(std::string_view head, std::string_view body) {
  do {
    const std::string_view piece = body.substr(0, kSendGrain);
    body.remove_prefix(piece.size());
    // Three, one of them empty: of a std::array of two, Asio 1.81 goes on with its first one, empty, and Beast's TLS
    // stream then writes nothing and says no error where the second is more than 16 KiB.
    const std::array<boost::asio::const_buffer, 3> buffers = {boost::asio::const_buffer(head.data(), head.size()),
                                                              boost::asio::const_buffer(piece.data(), piece.size())};
    head = {};
    allow(core_->options.write_time);
    co_await boost::asio::async_write(stream_, buffers, token());
    if (error_) {
      if (error_ == boost::beast::error::timeout) core_->timeouts++;
      co_return false;
    }
  } while (!body.empty());
  co_return true;
}

template <class Stream>
NetTask<bool> Connection<Stream>::send_stream(Admission& admission, Response& response, bool chunked,
                                              Exchange& exchange) {
  const Lane lane = admission.lane == Lane::inline_ ? Lane::interactive : admission.lane;
  const bool events = response.content_type.starts_with("text/event-stream");
  BodyStream::Piece piece;
  Clock::time_point said = Clock::now();
  streaming_ = true;
  while (!piece.last) {
    work_ = [&piece, &response] {
      try {
        piece = response.stream->next();
      } catch (const std::exception&) {
        piece = {};
        piece.last = true;
        response.close = true;
        response.body = "aborted";
      }
      return true;
    };
    (void)co_await on_lane(lane, false);
    if (response.stream->aborted() || response.body == "aborted") {
      streaming_ = false;
      co_return false;
    }
    if (piece.bytes.empty() && !piece.last) {
      if (core_->stopping) break;
      if (events && Clock::now() - said > core_->options.heartbeat) {
        piece.bytes = ": \n\n";
      } else {
        const auto rest = std::clamp(piece.again_in, std::chrono::milliseconds(5), core_->options.heartbeat);
        done_timer_.expires_after(rest);
        co_await done_timer_.async_wait(token());
        error_ = {};
        if (!lowest().socket().is_open()) {
          streaming_ = false;
          co_return false;
        }
        continue;
      }
    }
    if (piece.bytes.empty()) continue;
    head_.clear();
    if (chunked) {
      std::array<char, 20> digits;
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.bytes.size(), 16).ptr;
      head_.append(digits.data(), end).append("\r\n");
      piece.bytes += "\r\n";
    }
    exchange.bytes_sent += head_.size() + piece.bytes.size();
    if (!co_await send(head_, piece.bytes)) {
      streaming_ = false;
      co_return false;
    }
    said = Clock::now();
  }
  streaming_ = false;
  if (core_->stopping) response.close = true;
  static constexpr std::string_view kLastChunk = "0\r\n\r\n";
  if (!chunked) co_return true;
  co_return co_await send(kLastChunk, std::string_view());
}

// On any thread: who waits in on_lane() goes on.
template <class Stream>
void Connection<Stream>::work_is_done() {
  boost::asio::post(thread_.io, [self = this->shared_from_this()] {
    self->work_done_ = true;
    self->done_timer_.cancel();
  });
}

// False: the response comes later.
template <class Stream>
bool Connection<Stream>::answer(Request& request, Admission& admission, Response& response) {
  answered_ = false;
  const Application::Later later = [self = this->shared_from_this(), &response](Response given) {
    if (self->answered_.exchange(true)) return;
    response = std::move(given);
    self->work_is_done();
  };
  try {
    auto now = core_->application.answer(request, admission, later);
    if (!now) return false;
    response = std::move(*now);
  } catch (const std::exception&) {
    if (answered_.exchange(true)) return false;
    response = core_->application.fault(HttpFault::handler_threw, request);
  }
  return true;
}

// Runs work_ on a lane, or here; false if it was not run: the queue is full, or its time was over first. The connection
// is not touched meanwhile.
template <class Stream>
NetTask<bool> Connection<Stream>::on_lane(Lane lane, bool bounded) {
  work_done_ = work_late_ = false;
  auto self = this->shared_from_this();
  LaneWork task = [self, work = work_](bool late) {
    self->work_late_ = late;
    if (late || work()) self->work_is_done();  // else it may be done, and this connection further, already
  };
  // Armed before the task can end: its end is posted to this thread, which is here.
  done_timer_.expires_at(Clock::time_point::max());
  lowest().expires_never();
  if (lane == Lane::inline_) {
    work_done_ = work_();
  } else if (!bounded) {
    core_->lanes.submit_always(lane, [task = std::move(task)] { task(false); });
  } else if (!core_->lanes.submit(lane, std::move(task), Clock::now() + core_->options.queue_time)) {
    co_return false;
  }
  while (!work_done_) {
    co_await done_timer_.async_wait(token());
    done_timer_.expires_at(Clock::time_point::max());
  }
  error_ = {};
  co_return !work_late_;
}

// The peer may still be sending what nobody reads: closing at once would make its kernel throw our answer away.
template <class Stream>
NetTask<void> Connection<Stream>::linger() {
  co_await say_goodbye();
  ErrorCode ignored;
  lowest().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  const Clock::time_point deadline = Clock::now() + std::chrono::seconds(1);
  std::size_t read = 0;
  while (read < kLingerBytesMax) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) co_return;
    allow(left);
    buffer_.clear();
    read += co_await lowest().async_read_some(buffer_.prepare(4096), token());
    if (error_) co_return;
  }
}

}  // namespace semak
