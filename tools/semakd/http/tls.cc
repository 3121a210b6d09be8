// Which TLS is spoken: 1.2 with forward secrecy and authenticated ciphers only, or 1.3.
#include <boost/asio/ssl/context.hpp>
#include <cstring>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tools/semakd/http/server_core.h"

namespace semak {
namespace {

std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* text = ERR_reason_error_string(code);
  return text != nullptr ? text : "unknown reason";
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Error refused(const std::filesystem::path& file, std::string_view what) {
  return {ErrorCode::invalid_input,
          file.string() + ": " + std::string(what) + " (" + openssl_reason() + "). Check the file, or make a new pair"};
}

}  // namespace

Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsFiles& files) {
  namespace ssl = boost::asio::ssl;
  ERR_clear_error();
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* handle = context->native_handle();
  SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
  SSL_CTX_set_options(handle, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);  // 10,000 connections that say nothing
  if (SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return Error{ErrorCode::unavailable, "OpenSSL has no ciphers of TLS 1.2 with forward secrecy"};
  }
  SSL_CTX_set_alpn_select_cb(handle, choose_protocol, nullptr);
  static constexpr unsigned char kSessionContext[] = "semakd";
  SSL_CTX_set_session_id_context(handle, kSessionContext, sizeof kSessionContext - 1);
  if (SSL_CTX_use_certificate_chain_file(handle, files.certificate.c_str()) != 1) {
    return refused(files.certificate, "is no certificate in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(handle, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return refused(files.key, "is no private key in PEM, or not of " + files.certificate.string());
  }
  if (SSL_CTX_check_private_key(handle) != 1) {
    return refused(files.key, "is not the key of " + files.certificate.string());
  }
  return context;
}

}  // namespace semak
