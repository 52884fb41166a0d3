// Every encoder of zlib streams, on any bytes: zlib and libdeflate make the same bytes of them again.
#include <cstring>
#include <memory>
#include <vector>

#include "input.h"
#include "kernels/deflate/deflate.h"
#include "kernels/deflate/deflate_planes.h"
#include "kernels/deflate/deflate_sparse.h"
#include "support/inflate.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

using Bytes = std::vector<std::byte>;

/** A stream from a buffer that is exactly as long as it must be. */
template <typename Encode>
Bytes stream_of(std::size_t bound, Encode encode) {
  const auto out = std::make_unique_for_overwrite<std::byte[]>(bound);
  const std::size_t size = encode(std::span(out.get(), bound));
  require(size <= bound, "a stream is longer than its bound");
  return {out.get(), out.get() + size};
}

void check(const char* name, const Bytes& stream, const Bytes& expected) {
  const std::string problem = test::inflate_problem(stream, expected);
  require(problem.empty(), std::string(name) + ": " + problem);
}

/** The bytes of the input, some of them again and again, so that an input of a few stands for chunks of many. */
Bytes expanded(Input& input) {
  const std::size_t times = input.flag() ? 1 : 1 + input.below(200);
  const std::size_t length = 1 + input.below(1000);
  Bytes bytes;
  while (!input.is_empty()) {
    const auto part = input.take(length);
    for (std::size_t i = 0; i < times; i++) bytes.insert(bytes.end(), part.begin(), part.end());
  }
  if (bytes.empty()) bytes.resize(1);
  return bytes;
}

void check_planes(Input& input) {
  const std::size_t width = 1 + input.below(9);
  const std::size_t other = input.below(65536);
  const bool is_other = input.below(8) == 0;
  const Bytes bytes = expanded(input);
  const std::size_t plane_size = is_other ? other : bytes.size() / width;
  check("planes",
        stream_of(kernels::deflate_planes_bound(bytes.size()),
                  [&](std::span<std::byte> out) { return kernels::deflate_planes(bytes, plane_size, out); }),
        bytes);
}

void check_general(Input& input) {
  const int level = 1 + static_cast<int>(input.below(9));
  const Bytes bytes = expanded(input);
  check("general",
        stream_of(kernels::deflate_bound(bytes.size()),
                  [&](std::span<std::byte> out) { return kernels::deflate(bytes, level, out); }),
        bytes);
}

void check_sparse(Input& input) {
  const std::size_t tail = input.below(65536);
  std::vector<kernels::SparseByte> sparse;
  std::uint64_t position = 0;
  while (!input.is_empty()) {
    position += input.flag() ? input.below(256) : input.below(65536);
    sparse.push_back({position++, input.any<std::byte>() | std::byte{1}});
  }
  Bytes bytes(position + tail + 1);
  for (const auto& [at, value] : sparse) bytes[at] = value;
  // After what is there already.
  Bytes out(3);
  kernels::deflate_sparse(sparse, bytes.size(), out);
  out.erase(out.begin(), out.begin() + 3);
  check("sparse", out, bytes);
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport::fuzz;
  Input input(data, size);
  switch (input.below(4)) {
    case 0:
      check_general(input);
      break;
    case 1:
      check_sparse(input);
      break;
    default:
      check_planes(input);
  }
  return 0;
}
