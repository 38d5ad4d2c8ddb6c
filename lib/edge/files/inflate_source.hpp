#pragma once

#include <memory>
#include <string>

#include "edge/files/byte_source.hpp"

namespace junction {

/// What gzip compressed, one part after another. Fails where it is damaged or breaks off, naming `path`.
std::unique_ptr<ByteSource> inflated(std::unique_ptr<ByteSource> gzip, std::string path);

}  // namespace junction
