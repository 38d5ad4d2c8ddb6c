#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "edge/sandbox/sandbox.hpp"
#include "junction/endpoint.hpp"
#include "junction/kube/config.hpp"

inline std::unique_ptr<junction::Sandbox> start(junction::SandboxOptions options = {},
                                                junction::sandbox::ConnectionLimits limits = {}) {
  options.front_port = 0;
  auto started = junction::sandbox::start(std::move(options), limits);
  REQUIRE_MESSAGE(started.ok(), (started ? "" : started.error().message));
  return *std::move(started);
}

inline junction::kube::ClusterConfig cluster(const junction::Sandbox& sandbox) {
  auto config = junction::kube::load_config({.kubeconfig = sandbox.kubeconfig()});
  REQUIRE(config.ok());
  return *config;
}

inline int port_of(const std::string& url) {
  return std::stoi(url.substr(url.rfind(':') + 1));
}

/// Where the front or the API listens.
inline junction::SocketAddress address_of(const std::string& url) {
  auto address = junction::SocketAddress::parse(url.substr(url.rfind('/') + 1));
  REQUIRE(address.ok());
  return *address;
}
