// Memory for secrets: guarded, kept out of core dumps and swap where the system allows it, zeroed when it goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <sodium.h>
#include <span>
#include <string_view>

#include "engine/check.h"

namespace semak {

// libsodium picks its implementations once; safe to ask for from any thread, as often as one likes.
inline void sodium_ready() {
  static const bool ready = ::sodium_init() >= 0;
  SEMAK_CHECK(ready);
}

class Secret {
 public:
  explicit Secret(std::size_t size) : size_(size) {
    sodium_ready();
    bytes_.reset(static_cast<unsigned char*>(::sodium_malloc(size == 0 ? 1 : size)));
    SEMAK_CHECK(bytes_ != nullptr);
  }

  unsigned char* data() { return bytes_.get(); }
  const unsigned char* data() const { return bytes_.get(); }
  std::size_t size() const { return size_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.get()), size_}; }

  // Writing to it afterwards ends the process.
  void freeze() { SEMAK_CHECK(::sodium_mprotect_readonly(bytes_.get()) == 0); }

 private:
  struct Free {
    void operator()(unsigned char* bytes) const { ::sodium_free(bytes); }
  };
  std::unique_ptr<unsigned char, Free> bytes_;
  std::size_t size_;
};

}  // namespace semak
