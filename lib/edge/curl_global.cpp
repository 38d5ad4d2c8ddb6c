#include "edge/curl_global.hpp"

#include <curl/curl.h>

#include <mutex>

namespace junction {

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace junction
