#include "hdf5/structure/datatype.h"

#include <bit>

namespace spikeport::hdf5::structure {
namespace {

/** Types inside types beyond these: the library goes through them by recursion. */
constexpr unsigned deepest_type = 32;

constexpr unsigned most_axes = 32;

Datatype read_type(Cursor& message, unsigned depth);

/** The head of a type: what all classes have. */
struct Head {
  unsigned version;
  Datatype::Class type;
  std::uint32_t flags;
  std::uint64_t size;
};

void check_atom(Cursor& message, const Head& head) {
  const std::uint64_t offset = message.two();
  const std::uint64_t precision = message.two();
  require(precision > 0 && offset + precision <= 8 * head.size, "a datatype of it has more bits than bytes");
}

void check_floating(Cursor& message, const Head& head) {
  Cursor fields = message;
  check_atom(message, head);
  fields.skip(2);
  const unsigned precision = fields.two();
  const unsigned exponent = fields.byte();
  const unsigned exponent_size = fields.byte();
  const unsigned mantissa = fields.byte();
  const unsigned mantissa_size = fields.byte();
  const unsigned sign = head.flags >> 8U & 0xffU;
  require(exponent + exponent_size <= precision && mantissa + mantissa_size <= precision && sign < precision,
          "a datatype of it has fields beyond its bits");
  message.skip(8);
}

/** The name of a member, and what fills it up. */
void skip_name(Cursor& message, unsigned version) {
  const std::size_t before = message.left();
  message.terminated();
  if (version < 3) message.skip((8 - (before - message.left()) % 8) % 8);
}

void check_array_axes(Cursor& message, std::uint64_t element, unsigned axes, std::uint64_t size) {
  require(axes > 0 && axes <= most_axes, "an array type of it has an impossible number of axes");
  std::uint64_t total = element;
  for (unsigned i = 0; i < axes; i++) {
    const std::uint64_t length = message.four();
    require(length > 0 && total <= size / length, "an array type of it is of another size than its elements");
    total *= length;
  }
  require(total == size, "an array type of it is of another size than its elements");
}

/** Returns whether the member has parts in the global heap. */
bool check_member(Cursor& message, const Head& head, unsigned depth) {
  skip_name(message, head.version);
  const std::uint64_t offset = head.version < 3
                                   ? message.four()
                                   : message.number(1 + static_cast<std::size_t>(std::bit_width(head.size) - 1) / 8);
  Cursor axes = message;
  unsigned rank = 0;
  if (head.version == 1) {
    rank = axes.byte();
    require(rank <= 4, "an array type of it has an impossible number of axes");
    axes.skip(11);
    message.skip(28);
  }
  const Datatype member = read_type(message, depth);
  std::uint64_t size = member.size;
  for (unsigned i = 0; i < rank; i++) {
    const std::uint64_t length = axes.four();
    require(length > 0 && length <= head.size, "an array type of it has an impossible number of axes");
    size *= length;
    require(size <= head.size, "a datatype of it has members beyond its size");
  }
  require(offset <= head.size && size <= head.size - offset, "a datatype of it has members beyond its size");
  return member.is_in_heap;
}

void check_enumeration(Cursor& message, const Head& head, unsigned depth) {
  const Datatype base = read_type(message, depth);
  // The library strides over the values by the size of the enumeration.
  require(base.type == Datatype::Class::integer && base.size == head.size,
          "an enumeration of it is of an unusual form");
  const unsigned count = head.flags & 0xffffU;
  for (unsigned i = 0; i < count; i++) skip_name(message, head.version);
  message.skip(count * base.size);
}

Datatype read_type(Cursor& message, unsigned depth) {
  require(depth < deepest_type, "a datatype of it has too many types inside each other");
  const unsigned first = message.byte();
  const Head head{.version = first >> 4U,
                  .type = static_cast<Datatype::Class>(first & 0xfU),
                  .flags = static_cast<std::uint32_t>(message.number(3)),
                  .size = message.four()};
  require(head.version >= 1 && head.version <= 5, "a datatype of it is of an unknown version");
  require(head.size > 0, "a datatype of it has no bytes");
  Datatype type{.type = head.type, .size = head.size};
  switch (head.type) {
    case Datatype::Class::integer:
    case Datatype::Class::bits:
      check_atom(message, head);
      break;
    case Datatype::Class::floating:
      check_floating(message, head);
      break;
    case Datatype::Class::time:
      message.skip(2);
      break;
    case Datatype::Class::text:
    case Datatype::Class::reference:
      break;
    case Datatype::Class::opaque:
      message.skip(head.flags & 0xffU);
      break;
    case Datatype::Class::compound: {
      const unsigned count = head.flags & 0xffffU;
      require(count > 0, "a datatype of it has no members");
      for (unsigned i = 0; i < count; i++) type.is_in_heap |= check_member(message, head, depth + 1);
      break;
    }
    case Datatype::Class::enumeration:
      check_enumeration(message, head, depth + 1);
      break;
    case Datatype::Class::variable: {
      const Datatype base = read_type(message, depth + 1);
      require(head.size == heap_reference_bytes(message.widths()), "a datatype of it is of an unusual size");
      type.is_variable_text = (head.flags & 0xfU) == 1;
      require(!type.is_variable_text || base.size == 1, "a datatype of it has texts of wide characters");
      type.is_in_heap = true;
      break;
    }
    case Datatype::Class::array: {
      require(head.version >= 2, "a datatype of it is of an unknown version");
      const unsigned axes = message.byte();
      if (head.version < 3) message.skip(3);
      Cursor lengths = message.sub(std::uint64_t{4} * axes);
      if (head.version < 3) message.skip(std::uint64_t{4} * axes);
      const Datatype base = read_type(message, depth + 1);
      check_array_axes(lengths, base.size, axes, head.size);
      type.is_in_heap = base.is_in_heap;
      break;
    }
    default:
      throw Damaged("a datatype of it is of an unknown class");
  }
  return type;
}

}  // namespace

Datatype read_datatype(Cursor& message) { return read_type(message, 0); }

}  // namespace spikeport::hdf5::structure
