#include "kernels/shuffle.h"

#include <algorithm>

#include "kernels/simd.h"

namespace spikeport::kernels {
namespace {

/** Shuffles the elements from number `first` on. */
void shuffle_rest(const std::byte* in, std::size_t count, std::size_t size, std::size_t first, std::byte* out) {
  for (std::size_t i = first; i < count; i++) {
    for (std::size_t byte = 0; byte < size; byte++) out[byte * count + i] = in[i * size + byte];
  }
}

#ifdef SPIKEPORT_VECTORS
/** Shuffles as many elements as fill whole vectors, and returns how many that are. */
template <std::size_t size>
std::size_t shuffle_vectors(const std::byte* in, std::size_t count, std::byte* out) {
  struct Vectors {
    Vector vector[size];
    Vector& operator[](std::size_t k) { return vector[k]; }
  };
  std::size_t i = 0;
  for (; i + vector_size <= count; i += vector_size) {
    Vectors vectors;
    for (std::size_t k = 0; k < size; k++) vectors[k] = load(in + i * size + k * vector_size);
    // Dealing the upper half of the bytes between those of the lower half moves each bit of a byte's position up by
    // one; after four times, the element's number within the vectors, which has four bits, is the position in a vector.
    for (int round = 0; round < 4; round++) {
      Vectors dealt;
      for (std::size_t k = 0; k < size / 2; k++) {
        dealt[2 * k] = interleave_low<1>(vectors[k], vectors[k + size / 2]);
        dealt[2 * k + 1] = interleave_high<1>(vectors[k], vectors[k + size / 2]);
      }
      vectors = dealt;
    }
    for (std::size_t byte = 0; byte < size; byte++) store(vectors[byte], out + byte * count + i);
  }
  return i;
}
#else
/** Without vectors, all elements are left. */
template <std::size_t size>
std::size_t shuffle_vectors(const std::byte*, std::size_t, std::byte*) {
  return 0;
}
#endif

std::size_t shuffle_vectors(const std::byte* in, std::size_t count, std::size_t size, std::byte* out) {
  switch (size) {
    case 2:
      return shuffle_vectors<2>(in, count, out);
    case 4:
      return shuffle_vectors<4>(in, count, out);
    case 8:
      return shuffle_vectors<8>(in, count, out);
    default:
      return 0;
  }
}

/** Collects the elements from number `first` on. */
void unshuffle_rest(const std::byte* in, std::size_t count, std::size_t size, std::size_t first, std::byte* out) {
  for (std::size_t i = first; i < count; i++) {
    for (std::size_t byte = 0; byte < size; byte++) out[i * size + byte] = in[byte * count + i];
  }
}

#ifdef SPIKEPORT_VECTORS
/** Collects as many elements as fill whole vectors, and returns how many that are. */
template <std::size_t size>
std::size_t unshuffle_vectors(const std::byte* in, std::size_t count, std::byte* out) {
  std::size_t i = 0;
  for (; i + vector_size <= count; i += vector_size) {
    Vector vectors[size];
    for (std::size_t byte = 0; byte < size; byte++) vectors[byte] = load(in + byte * count + i);
    // Each round deals the bytes of planes that are half of them apart: after it, elements are whole in twice as many
    // bytes.
    for (std::size_t round = 1; round < size; round *= 2) {
      Vector dealt[size];
      for (std::size_t k = 0; k < size / 2; k++) {
        dealt[2 * k] = interleave_low<1>(vectors[k], vectors[k + size / 2]);
        dealt[2 * k + 1] = interleave_high<1>(vectors[k], vectors[k + size / 2]);
      }
      for (std::size_t k = 0; k < size; k++) vectors[k] = dealt[k];
    }
    for (std::size_t k = 0; k < size; k++) store(vectors[k], out + i * size + k * vector_size);
  }
  return i;
}
#else
template <std::size_t size>
std::size_t unshuffle_vectors(const std::byte*, std::size_t, std::byte*) {
  return 0;
}
#endif

std::size_t unshuffle_vectors(const std::byte* in, std::size_t count, std::size_t size, std::byte* out) {
  switch (size) {
    case 2:
      return unshuffle_vectors<2>(in, count, out);
    case 4:
      return unshuffle_vectors<4>(in, count, out);
    case 8:
      return unshuffle_vectors<8>(in, count, out);
    default:
      return 0;
  }
}

}  // namespace

void unshuffle(std::span<const std::byte> shuffled, std::size_t element_size, std::byte* out) {
  const std::size_t count = shuffled.size() / element_size;
  const std::size_t whole = count * element_size;
  const std::size_t done = unshuffle_vectors(shuffled.data(), count, element_size, out);
  unshuffle_rest(shuffled.data(), count, element_size, done, out);
  std::ranges::copy(shuffled.subspan(whole), out + whole);
}

void shuffle(std::span<const std::byte> elements, std::size_t element_size, std::byte* out) {
  const std::size_t count = elements.size() / element_size;
  const std::size_t whole = count * element_size;
  if (element_size == 1) {
    std::ranges::copy(elements, out);
    return;
  }
  const std::size_t done = shuffle_vectors(elements.data(), count, element_size, out);
  shuffle_rest(elements.data(), count, element_size, done, out);
  std::ranges::copy(elements.subspan(whole), out + whole);
}

}  // namespace spikeport::kernels
