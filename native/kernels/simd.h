// Vectors of 16 bytes where the processor has them, as SSE2 or NEON: then SPIKEPORT_VECTORS is defined. For sources of
// kernels/ alone, which do without elsewhere and make the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

// SPIKEPORT_SCALAR has processors with vectors do without, so that the other branches can be tested there.
#ifndef SPIKEPORT_SCALAR
#if defined(__SSE2__) || defined(_M_X64)
#define SPIKEPORT_VECTORS
#define SPIKEPORT_SSE2
#include <emmintrin.h>
#elif defined(__aarch64__) || defined(_M_ARM64)
#define SPIKEPORT_VECTORS
#define SPIKEPORT_NEON
#include <arm_neon.h>
#endif
#endif

#ifdef SPIKEPORT_VECTORS

namespace spikeport::kernels {

#ifdef SPIKEPORT_SSE2
using Vector = __m128i;
#else
using Vector = uint8x16_t;
#endif

constexpr std::size_t vector_size = sizeof(Vector);

#ifdef SPIKEPORT_SSE2

inline Vector load(const std::byte* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

inline void store(Vector vector, std::byte* to) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), vector); }

/** The elements of the lower halves of two vectors in turn, a's first; an element has `size` bytes. */
template <std::size_t size>
Vector interleave_low(Vector a, Vector b) {
  if constexpr (size == 1) return _mm_unpacklo_epi8(a, b);
  if constexpr (size == 2) return _mm_unpacklo_epi16(a, b);
  if constexpr (size == 4) return _mm_unpacklo_epi32(a, b);
  if constexpr (size == 8) return _mm_unpacklo_epi64(a, b);
}

/** The same of the upper halves. */
template <std::size_t size>
Vector interleave_high(Vector a, Vector b) {
  if constexpr (size == 1) return _mm_unpackhi_epi8(a, b);
  if constexpr (size == 2) return _mm_unpackhi_epi16(a, b);
  if constexpr (size == 4) return _mm_unpackhi_epi32(a, b);
  if constexpr (size == 8) return _mm_unpackhi_epi64(a, b);
}

/** Which bytes of two vectors are equal; the first one is the lowest bit. */
inline std::uint32_t equal_bytes(Vector a, Vector b) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)));
}

/** All bits of a float64 of which a's is not at most b's: NaN never is. */
inline Vector not_at_most(Vector a, Vector b) {
  return _mm_castpd_si128(_mm_cmpnle_pd(_mm_castsi128_pd(a), _mm_castsi128_pd(b)));
}

inline Vector bits_of_either(Vector a, Vector b) { return _mm_or_si128(a, b); }

/** Whether a vector has any bit of those that are set in whole bytes. */
inline bool has_any(Vector bytes) { return _mm_movemask_epi8(bytes) != 0; }

#else

inline Vector load(const std::byte* from) { return vld1q_u8(reinterpret_cast<const std::uint8_t*>(from)); }

inline void store(Vector vector, std::byte* to) { vst1q_u8(reinterpret_cast<std::uint8_t*>(to), vector); }

template <std::size_t size>
Vector interleave_low(Vector a, Vector b) {
  if constexpr (size == 1) return vzip1q_u8(a, b);
  if constexpr (size == 2) return vreinterpretq_u8_u16(vzip1q_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b)));
  if constexpr (size == 4) return vreinterpretq_u8_u32(vzip1q_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
  if constexpr (size == 8) return vreinterpretq_u8_u64(vzip1q_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b)));
}

template <std::size_t size>
Vector interleave_high(Vector a, Vector b) {
  if constexpr (size == 1) return vzip2q_u8(a, b);
  if constexpr (size == 2) return vreinterpretq_u8_u16(vzip2q_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b)));
  if constexpr (size == 4) return vreinterpretq_u8_u32(vzip2q_u32(vreinterpretq_u32_u8(a), vreinterpretq_u32_u8(b)));
  if constexpr (size == 8) return vreinterpretq_u8_u64(vzip2q_u64(vreinterpretq_u64_u8(a), vreinterpretq_u64_u8(b)));
}

inline std::uint32_t equal_bytes(Vector a, Vector b) {
  // NEON has no instruction for this: each byte keeps the bit of its place, and the bits of a half are added up.
  constexpr std::uint64_t places = 0x8040201008040201;
  const Vector bits = vandq_u8(vceqq_u8(a, b), vreinterpretq_u8_u64(vdupq_n_u64(places)));
  return vaddv_u8(vget_low_u8(bits)) | std::uint32_t{vaddv_u8(vget_high_u8(bits))} << 8U;
}

inline Vector not_at_most(Vector a, Vector b) {
  return vmvnq_u8(vreinterpretq_u8_u64(vcleq_f64(vreinterpretq_f64_u8(a), vreinterpretq_f64_u8(b))));
}

inline Vector bits_of_either(Vector a, Vector b) { return vorrq_u8(a, b); }

inline bool has_any(Vector bytes) { return vmaxvq_u8(bytes) != 0; }

#endif

}  // namespace spikeport::kernels

#endif
