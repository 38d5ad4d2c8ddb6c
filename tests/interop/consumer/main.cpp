// What a C++ service writes to be a Junction client. The README shows this file.
#include <iostream>
#include <junction/balancer.hpp>
#include <junction/hash.hpp>

int main() {
  junction::Balancer balancer;
  balancer.update({{.address = junction::SocketAddress::parse("10.42.0.17:80").value()},
                   {.address = junction::SocketAddress::parse("10.42.0.18:80").value()}},
                  {.type = junction::Policy::Type::ring_hash,
                   .hash_params = {{junction::HashParam::Type::query_param, "query"}}});

  const junction::Pick pick = balancer.pick({.url = "/recommendations/?query=red&limit=10"});
  std::cout << "red goes to " << pick.address.to_string() << " (" << junction::hex64(*pick.hash) << ")\n";
}
