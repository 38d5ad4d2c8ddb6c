#include "edge/load/tls.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace junction::load {
namespace {

TlsWire& wire_of(BIO* bio) {
  return *static_cast<TlsWire*>(BIO_get_data(bio));
}

bool passes_by_itself(int error) {
  return error == EAGAIN || error == EINTR;
}

int read_wire(BIO* bio, char* buffer, int size) {
  TlsWire& wire = wire_of(bio);
  BIO_clear_retry_flags(bio);
  if (wire.allowance == 0) {
    wire.cut_off = true;
    BIO_set_retry_read(bio);
    return -1;
  }
  const ssize_t count = ::recv(wire.fd, buffer, static_cast<std::size_t>(size), 0);
  if (count > 0) wire.allowance -= std::min(wire.allowance, static_cast<std::size_t>(count));
  if (count < 0 && passes_by_itself(errno)) BIO_set_retry_read(bio);
  return static_cast<int>(count);
}

int write_wire(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::send(wire_of(bio).fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count < 0 && passes_by_itself(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

long control_wire(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "junction socket");
  if (!method) return nullptr;
  BIO_meth_set_read(method, read_wire);
  BIO_meth_set_write(method, write_wire);
  BIO_meth_set_ctrl(method, control_wire);
  return method;
}

BIO* make_bio(TlsWire& wire) {
  static BIO_METHOD* const method = make_method();
  BIO* const bio = method ? BIO_new(method) : nullptr;
  if (!bio) return nullptr;
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace

void TlsDelete::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

Tls make_tls(const Destination& destination, TlsWire& wire) {
  Tls tls(SSL_new(destination.tls.get()));
  BIO* const bio = tls ? make_bio(wire) : nullptr;
  if (!bio) return nullptr;
  SSL* const ssl = tls.get();
  SSL_set_bio(ssl, bio, bio);
  SSL_set_connect_state(ssl);
  SSL_set_read_ahead(ssl, 1);  // one read for record header and record
  if (destination.tls_name_is_ip) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), destination.tls_name.c_str());
  } else {
    SSL_ctrl(
        ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
        const_cast<char*>(destination.tls_name.c_str()));  // SSL_set_tlsext_host_name(), without its C cast
    SSL_set1_host(ssl, destination.tls_name.c_str());
  }
  return tls;
}

}  // namespace junction::load
