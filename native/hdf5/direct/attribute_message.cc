#include "hdf5/direct/attribute_message.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hdf5/direct/datatype.h"
#include "hdf5/direct/messages.h"

namespace spikeport::hdf5::direct {
namespace {

/** An attribute has one axis, or none. */
Dataspace dataspace_of(const std::optional<std::uint64_t>& length) {
  return length ? Dataspace{{&*length, 1}} : Dataspace{};
}

struct ValueEncoder {
  Encoder& out;

  void operator()(double number) const { out.f64(number); }
  void operator()(std::int32_t number) const { out.u32(static_cast<std::uint32_t>(number)); }
  void operator()(const HeapTexts& texts) const {
    const std::size_t end = texts.first + static_cast<std::size_t>(texts.count.value_or(1));
    for (std::size_t text = texts.first; text < end; text++) texts.heap->place_of(text).encode(out);
  }
  void operator()(const std::uint64_t* address) const { out.u64(*address); }
};

}  // namespace

Datatype AttributeMessage::elements() const {
  if (std::holds_alternative<double>(value)) return ElementType::f64;
  if (std::holds_alternative<std::int32_t>(value)) return ElementType::i32;
  if (std::holds_alternative<HeapTexts>(value)) return Text{};
  return ObjectReference{};
}

std::optional<std::uint64_t> AttributeMessage::length() const {
  const auto* texts = std::get_if<HeapTexts>(&value);
  return texts == nullptr ? std::nullopt : texts->count;
}

std::uint64_t AttributeMessage::size() const {
  const auto axis = length();
  return 8 + padded(name.size() + 1) + padded(DatatypeMessage{elements()}.size()) + dataspace_of(axis).size() +
         axis.value_or(1) * element_size(elements());
}

void AttributeMessage::encode(Encoder& out) const {
  const std::size_t name_size = name.size() + 1;
  const DatatypeMessage datatype{elements()};
  const auto axis = length();
  const Dataspace dataspace = dataspace_of(axis);
  out.u8(1);  // version
  out.skip(1);
  out.u16(static_cast<std::uint16_t>(name_size));
  out.u16(static_cast<std::uint16_t>(datatype.size()));
  out.u16(static_cast<std::uint16_t>(dataspace.size()));
  out.text(name);
  out.skip(padded(name_size) - name.size());
  datatype.encode(out);
  out.skip(padded(datatype.size()) - datatype.size());
  dataspace.encode(out);
  std::visit(ValueEncoder{out}, value);
}

AttributeMessage AttributeMessages::next(const Attribute& attribute) {
  if (const auto* number = std::get_if<double>(&attribute.value)) return {attribute.name, *number};
  if (const auto* number = std::get_if<std::int32_t>(&attribute.value)) return {attribute.name, *number};
  if (std::holds_alternative<std::string>(attribute.value)) return {attribute.name, take_texts(1, std::nullopt)};
  if (const auto* texts = std::get_if<std::vector<std::string>>(&attribute.value)) {
    return {attribute.name, take_texts(texts->size(), texts->size())};
  }
  const auto& reference = std::get<Reference>(attribute.value);
  return {attribute.name, objects_ == nullptr ? nullptr : &objects_->want(reference)};
}

HeapTexts AttributeMessages::take_texts(std::size_t count, std::optional<std::uint64_t> axis) {
  return {.heap = heap_, .first = std::exchange(next_text_, next_text_ + count), .count = axis};
}

}  // namespace spikeport::hdf5::direct
