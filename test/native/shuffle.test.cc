#include "kernels/shuffle.h"

#include <doctest/doctest.h>

#include "support/planes.h"

namespace spikeport::kernels {
namespace {

using test::ByteVector;

/** What HDF5's filter does, byte by byte. */
ByteVector shuffled(const ByteVector& in, std::size_t element_size) {
  const std::size_t count = in.size() / element_size;
  ByteVector out = in;
  for (std::size_t i = 0; i < count * element_size; i++) out[i % element_size * count + i / element_size] = in[i];
  return out;
}

TEST_CASE("shuffle: every size of elements, every count, with and without bytes left over") {
  test::Random random(1);
  for (std::size_t element_size = 1; element_size <= 16; element_size++) {
    for (std::size_t size = 0; size <= 70 * element_size; size++) {
      ByteVector in(size);
      for (std::byte& byte : in) byte = random.byte();
      ByteVector out(size);
      shuffle(in, element_size, out.data());
      CAPTURE(element_size);
      CAPTURE(size);
      CHECK(out == shuffled(in, element_size));
      ByteVector back(size);
      unshuffle(out, element_size, back.data());
      CHECK(back == in);
    }
  }
}

TEST_CASE("shuffle: chunks of a usual size") {
  test::Random random(2);
  for (const std::size_t element_size : {1, 2, 4, 8}) {
    for (const std::size_t count : {65535, 65536, 131072}) {
      ByteVector in(count * element_size);
      for (std::byte& byte : in) byte = random.byte();
      ByteVector out(in.size());
      shuffle(in, element_size, out.data());
      CAPTURE(element_size);
      CAPTURE(count);
      CHECK(out == shuffled(in, element_size));
      ByteVector back(in.size());
      unshuffle(out, element_size, back.data());
      CHECK(back == in);
    }
  }
}

}  // namespace
}  // namespace spikeport::kernels
