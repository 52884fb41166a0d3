#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "hdf5/direct/encoder.h"
#include "hdf5/direct/object_addresses.h"
#include "hdf5/direct/text_heap.h"
#include "hdf5/model/datatype.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5::direct {

/** Texts of a heap, from one on: several along one axis, or one alone. */
struct HeapTexts {
  const TextHeap* heap;
  std::size_t first;
  std::optional<std::uint64_t> count;
};

/** "The Attribute Message". What it points at only has to be there when the message is written. */
struct AttributeMessage {
  static constexpr std::uint16_t type = 0x000C;
  static constexpr std::uint8_t flags = 0;
  std::string_view name;
  /** A number, texts, or the address of the object that is referred to. */
  std::variant<double, std::int32_t, HeapTexts, const std::uint64_t*> value;

  [[nodiscard]] std::uint64_t size() const;
  void encode(Encoder& out) const;

 private:
  [[nodiscard]] Datatype elements() const;
  [[nodiscard]] std::optional<std::uint64_t> length() const;
};

/** Makes the messages of attributes one after the other. Their names stay where they are. */
class AttributeMessages {
 public:
  /** Messages of which only the sizes are wanted. */
  AttributeMessages() = default;
  /** @param first the number of the first attribute's first text in the heap */
  AttributeMessages(const TextHeap* heap, std::size_t first, ObjectAddresses& objects)
      : heap_(heap), next_text_(first), objects_(&objects) {}

  AttributeMessage next(const Attribute& attribute);

 private:
  HeapTexts take_texts(std::size_t count, std::optional<std::uint64_t> axis);

  const TextHeap* heap_ = nullptr;
  std::size_t next_text_ = 0;
  ObjectAddresses* objects_ = nullptr;
};

}  // namespace spikeport::hdf5::direct
