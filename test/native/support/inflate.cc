#include "support/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace spikeport::test {
namespace {

using Bytes = std::span<const std::byte>;

/** What an inflater made of a stream. */
struct Inflated {
  bool ended;
  std::size_t read;
  std::size_t written;
};

Inflated by_zlib(Bytes stream, std::span<std::byte> out) {
  z_stream state{};
  if (inflateInit(&state) != Z_OK) throw std::bad_alloc();
  // zlib's input is not const for historical reasons only.
  state.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(stream.data()));
  state.avail_in = static_cast<uInt>(stream.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  const bool ended = inflate(&state, Z_FINISH) == Z_STREAM_END;
  const Inflated inflated{ended, state.total_in, state.total_out};
  inflateEnd(&state);
  return inflated;
}

Inflated by_libdeflate(Bytes stream, std::span<std::byte> out) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  Inflated inflated{};
  inflated.ended = libdeflate_zlib_decompress_ex(decompressor.get(), stream.data(), stream.size(), out.data(),
                                                 out.size(), &inflated.read, &inflated.written) == LIBDEFLATE_SUCCESS;
  return inflated;
}

template <typename Inflater>
std::string problem_with(const char* name, Inflater inflate, Bytes stream, Bytes expected) {
  // Room for a byte too many.
  std::vector<std::byte> out(expected.size() + 1);
  const auto [ended, read, written] = inflate(stream, out);
  if (!ended) return std::string(name) + " finds it broken after " + std::to_string(written) + " bytes";
  if (read != stream.size()) return std::string(name) + " finds its end at " + std::to_string(read);
  if (written != expected.size()) return std::string(name) + " makes " + std::to_string(written) + " bytes of it";
  const auto difference = std::ranges::mismatch(expected, out).in1;
  if (difference == expected.end()) return "";
  return std::string(name) + " makes something else of it at " + std::to_string(difference - expected.begin());
}

}  // namespace

std::string inflate_problem(Bytes stream, Bytes expected) {
  const std::string problem = problem_with("zlib", by_zlib, stream, expected);
  return problem.empty() ? problem_with("libdeflate", by_libdeflate, stream, expected) : problem;
}

}  // namespace spikeport::test
