// The ids of a file of queries, to tell which stand there again. Nothing of them is kept but a hash and the line, so
// ten million cost some 400 MB at the most; two ids of one hash would be told as one, once in a million files of that
// size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace semak {

class SeenIds {
 public:
  void add(std::string_view id, std::uint64_t line);

  std::uint64_t repeats() const { return repeats_; }
  // "7 (2), 9 (4), ...": the first lines whose id an earlier line has, and that line.
  const std::string& repeated_lines() const { return lines_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;  // 0: free
    std::uint64_t line = 0;
  };
  Slot& slot_of(std::uint64_t hash);
  void grow();

  std::vector<Slot> slots_;  // open addressing, a power of two, at most two thirds full
  std::size_t size_ = 0;
  std::uint64_t repeats_ = 0;
  std::string lines_;
};

}  // namespace semak
