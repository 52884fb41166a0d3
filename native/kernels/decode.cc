#include "kernels/decode.h"

#include <cstring>
#include <type_traits>

#include "kernels/stored.h"

namespace spikeport::kernels {
namespace {

template <typename Element, typename T, typename Convert>
void convert(std::span<const std::byte> in, T* out, Convert to) {
  const std::size_t count = in.size() / Element::size;
  for (std::size_t i = 0; i < count; i++) {
    const T number = to(Element::load(in.data() + i * Element::size));
    std::memcpy(out + i, &number, sizeof(T));
  }
}

template <typename Element>
void to_float64(std::span<const std::byte> in, const Scaling& scaling, double* out) {
  const double factor = scaling.factor;
  switch (scaling.kind) {
    case Scaling::Kind::none:
      convert<Element>(in, out, [](auto number) { return static_cast<double>(number); });
      break;
    case Scaling::Kind::times:
      convert<Element>(in, out, [factor](auto number) { return static_cast<double>(number) * factor; });
      break;
    case Scaling::Kind::samples_to_ms:
      convert<Element>(in, out, [factor](auto number) { return static_cast<double>(number) / factor * 1000.0; });
      break;
  }
}

template <typename Element>
std::optional<std::size_t> to_int64(std::span<const std::byte> in, std::int64_t* out) {
  using Number = typename Element::Number;
  if constexpr (std::is_same_v<Number, std::uint64_t>) {
    const std::size_t count = in.size() / Element::size;
    for (std::size_t i = 0; i < count; i++) {
      if (Element::load(in.data() + i * Element::size) > INT64_MAX) return i;
    }
  }
  convert<Element>(in, out, [](Number number) { return static_cast<std::int64_t>(number); });
  return std::nullopt;
}

bool is_integer(ElementType type) { return type != ElementType::f32 && type != ElementType::f64; }

}  // namespace

bool can_decode(const StoredElements& stored, ElementType wanted, const Scaling& scaling) {
  if (wanted == ElementType::f64) return true;
  if (scaling.kind != Scaling::Kind::none) return false;
  return wanted == stored.type || (wanted == ElementType::i64 && is_integer(stored.type));
}

std::optional<std::size_t> decode(std::span<const std::byte> in, const StoredElements& stored, const Scaling& scaling,
                                  ElementType wanted, std::byte* out) {
  if (wanted == ElementType::f64) {
    with_stored(stored, [&]<typename Element>(Element /*kind*/) {
      to_float64<Element>(in, scaling, reinterpret_cast<double*>(out));
    });
    return std::nullopt;
  }
  if (wanted == stored.type) {
    with_stored(stored, [&]<typename Element>(Element /*kind*/) {
      using Number = typename Element::Number;
      convert<Element>(in, reinterpret_cast<Number*>(out), [](Number number) { return number; });
    });
    return std::nullopt;
  }
  return with_stored(stored, [&]<typename Element>(Element /*kind*/) -> std::optional<std::size_t> {
    if constexpr (std::is_integral_v<typename Element::Number>) {
      return to_int64<Element>(in, reinterpret_cast<std::int64_t*>(out));
    } else {
      return 0;
    }
  });
}

}  // namespace spikeport::kernels
