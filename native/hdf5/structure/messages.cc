#include "hdf5/structure/messages.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr unsigned most_rank = 32;
constexpr unsigned most_filters = 32;
constexpr unsigned szip = 4;
constexpr unsigned first_named_filter = 256;

/** The library's own limit. */
constexpr std::uint64_t most_chunk = std::uint64_t{1} << 32U;

/** Bits of flags. */
bool has(unsigned flags, unsigned bit) { return (flags & bit) != 0; }

std::size_t padded(std::size_t count) { return (count + 7) / 8 * 8; }

void read_chunk_axes(Cursor& message, Layout& layout, unsigned axes, std::size_t width) {
  require(axes >= 2 && axes <= most_rank + 1, "its chunks have an impossible number of axes");
  std::uint64_t bytes = 1;
  for (unsigned i = 0; i < axes; i++) {
    const std::uint64_t length = message.number(width);
    const bool fits = length > 0 && length < most_chunk && bytes < most_chunk / length;
    require(fits || length == 0 || layout.version < 5, "its chunks have 4 GiB or more, which is not supported");
    require(fits, "its chunks are of an impossible size");
    bytes *= length;
    layout.chunk.push_back(length);
  }
}

void read_chunked(Cursor& message, Layout& layout, unsigned version) {
  if (version == 3) {
    const unsigned axes = message.byte();
    layout.address = message.address();
    read_chunk_axes(message, layout, axes, 4);
    return;
  }
  const unsigned flags = message.byte();
  const unsigned axes = message.byte();
  const std::size_t width = message.byte();
  require(width >= 1 && width <= 8, "its chunks are of an impossible size");
  read_chunk_axes(message, layout, axes, width);
  const unsigned index = message.byte();
  require(index >= 1 && index <= 5, "its chunks have an index of an unknown kind");
  layout.index = static_cast<Layout::Index>(index);
  switch (layout.index) {
    case Layout::Index::single:
      if (has(flags, 2)) {
        layout.single_bytes = message.length();
        layout.single_mask = message.four();
      }
      break;
    case Layout::Index::fixed_array: {
      const unsigned page_bits = message.byte();
      require(page_bits >= 1 && page_bits <= 31, "its index of chunks is damaged");
      break;
    }
    case Layout::Index::extensible_array:
      message.skip(5);
      break;
    case Layout::Index::btree2:
      message.skip(6);
      break;
    default:
      break;
  }
  layout.address = message.address();
}

/** Versions 1 and 2. */
Layout read_old_layout(Cursor& message) {
  Layout layout;
  const unsigned axes = message.byte();
  const unsigned type = message.byte();
  require(axes >= 1 && axes <= most_rank + 1, "its layout has an impossible number of axes");
  require(type <= 2, "its layout is of an unknown kind");
  layout.type = static_cast<Layout::Class>(type);
  message.skip(5);
  if (layout.type != Layout::Class::compact) layout.address = message.address();
  if (layout.type == Layout::Class::chunked) {
    read_chunk_axes(message, layout, axes, 4);
  } else {
    message.skip(std::uint64_t{4} * axes);
  }
  if (layout.type == Layout::Class::compact) layout.compact = message.take(message.four());
  return layout;
}

}  // namespace

std::uint64_t Layout::chunk_bytes() const {
  std::uint64_t bytes = 1;
  for (const std::uint64_t length : chunk) bytes *= length;
  return bytes;
}

Dataspace read_dataspace(Cursor& message) {
  const unsigned version = message.byte();
  require(version == 1 || version == 2, "a dataspace of it is of an unknown version");
  Dataspace space;
  space.rank = message.byte();
  require(space.rank <= most_rank, "a dataspace of it has too many axes");
  const unsigned flags = message.byte();
  const unsigned type = message.byte();
  if (version == 1) message.skip(4);
  for (unsigned i = 0; i < space.rank; i++) {
    const std::uint64_t length = message.length();
    space.shape.push_back(length);
    const bool fits = length == 0 || (space.count && *space.count <= undefined / length);
    if (length == 0 || space.count == 0U) {
      space.count = 0;
    } else {
      space.count = fits ? std::optional(*space.count * length) : std::nullopt;
    }
  }
  space.most = space.shape;
  if (has(flags, 1)) {
    const std::uint64_t unlimited = undefined >> (64 - 8 * message.widths().length);
    for (std::uint64_t& most : space.most) {
      const std::uint64_t length = message.length();
      require(length >= most, "a dataspace of it has axes longer than they may be");
      most = length == unlimited ? undefined : length;
    }
  }
  if (version == 2 && type == 2) space.count = 0;
  return space;
}

Link read_link(Cursor& message) {
  require(message.byte() == 1, "a link of it is of an unknown version");
  const unsigned flags = message.byte();
  const unsigned type = has(flags, 8) ? message.byte() : 0;
  if (has(flags, 4)) message.skip(8);
  if (has(flags, 16)) message.skip(1);
  Link link;
  const std::uint64_t length = message.number(std::size_t{1} << (flags & 3U));
  require(length > 0, "a link of it has no name");
  link.name = message.text(length);
  if (type == 0) {
    link.address = message.address();
    return link;
  }
  const std::string_view value = message.text(message.two());
  require(type == 1 || type >= 64, "a link of it is of an unknown kind");
  require(type != 1 || !value.empty(), "a link of it leads to no name");
  link.kind = type == 1 ? Link::Kind::soft : Link::Kind::elsewhere;
  if (type == 1) link.target = value;
  return link;
}

Dense read_link_info(Cursor& message) {
  require(message.byte() == 0, "its information on links is of an unknown version");
  const unsigned flags = message.byte();
  if (has(flags, 1)) message.skip(8);
  Dense dense;
  dense.heap = message.address();
  dense.by_name = message.address();
  if (has(flags, 2)) dense.by_order = message.address();
  return dense;
}

Dense read_attribute_info(Cursor& message) {
  require(message.byte() == 0, "its information on attributes is of an unknown version");
  const unsigned flags = message.byte();
  if (has(flags, 1)) message.skip(2);
  Dense dense;
  dense.heap = message.address();
  dense.by_name = message.address();
  if (has(flags, 2)) dense.by_order = message.address();
  return dense;
}

std::span<const std::byte> read_fill(MessageType type, Cursor& message) {
  if (type == MessageType::old_fill) return message.take(message.four());
  const unsigned version = message.byte();
  require(version >= 1 && version <= 3, "its fill value is of an unknown version");
  if (version == 3) return has(message.byte(), 32) ? message.take(message.four()) : std::span<const std::byte>();
  message.skip(2);
  const bool is_defined = message.byte() != 0;
  if (version == 2 && !is_defined) return {};
  const std::uint32_t size = message.four();
  // The size is -1 for no value.
  return (size & 0x80000000U) != 0 ? std::span<const std::byte>() : message.take(size);
}

Filters read_filters(Cursor& message) {
  const unsigned version = message.byte();
  require(version == 1 || version == 2, "its filters are of an unknown version");
  Filters filters{.count = message.byte()};
  require(filters.count <= most_filters, "it has too many filters");
  if (version == 1) message.skip(6);
  for (unsigned i = 0; i < filters.count; i++) {
    const unsigned id = message.two();
    const std::size_t name_length = version == 1 || id >= first_named_filter ? message.two() : 0;
    message.skip(2);
    const unsigned value_count = message.two();
    if (name_length > 0) {
      Cursor name = message.sub(version == 1 ? padded(name_length) : name_length);
      name.terminated();
    }
    Cursor values = message.sub(std::uint64_t{4} * value_count);
    if (version == 1 && value_count % 2 != 0) message.skip(4);
    if (id != szip) continue;
    // Options, pixels of a block, bits of a pixel, pixels of a line.
    if (value_count < 4) {
      filters.is_szip_damaged = true;
      continue;
    }
    values.skip(4);
    const std::uint32_t block = values.four();
    const std::uint32_t bits = values.four();
    const std::uint32_t line = values.four();
    const bool is_size = (bits >= 1 && bits <= 32) || bits == 64;
    filters.is_szip_damaged |= block < 2 || block > 32 || block % 2 != 0 || !is_size || line == 0 || line > 4096;
  }
  return filters;
}

Layout read_layout(Cursor& message) {
  const unsigned version = message.byte();
  require(version >= 1, "its layout is of an unknown version");
  require(version <= 5, "its layout is of a version newer than that of HDF5 2.0");
  if (version < 3) return read_old_layout(message);
  Layout layout;
  layout.version = version;
  const unsigned type = message.byte();
  require(type <= 3, "its layout is of an unknown kind");
  layout.type = static_cast<Layout::Class>(type);
  switch (layout.type) {
    case Layout::Class::compact:
      layout.compact = message.take(message.two());
      break;
    case Layout::Class::contiguous:
      layout.address = message.address();
      layout.contiguous_bytes = message.length();
      break;
    case Layout::Class::chunked:
      read_chunked(message, layout, version);
      break;
    case Layout::Class::elsewhere:
      break;
  }
  return layout;
}

void check_other(MessageType type, Cursor& message) {
  switch (type) {
    case MessageType::group_info: {
      require(message.byte() == 0, "its information on the group is of an unknown version");
      const unsigned flags = message.byte();
      message.skip((has(flags, 1) ? 4U : 0U) + (has(flags, 2) ? 4U : 0U));
      break;
    }
    case MessageType::comment:
      message.terminated();
      break;
    case MessageType::old_time:
      message.skip(16);
      break;
    case MessageType::time:
      message.skip(8);
      break;
    case MessageType::references:
      message.skip(5);
      break;
    case MessageType::shared_table:
      throw Damaged("it has a table of shared messages, which is not supported");
    case MessageType::cache_image:
      throw Damaged("it has an image of a cache, which is not supported");
    case MessageType::driver: {
      message.skip(9);
      message.skip(message.two());
      break;
    }
    case MessageType::btree_sizes:
      message.skip(7);
      break;
    case MessageType::file_space: {
      const unsigned version = message.byte();
      const unsigned strategy = message.byte();
      if (version == 0) {
        message.length();
        if (strategy == 1) message.skip(6 * message.widths().address);
        break;
      }
      require(version == 1, "its information on free space is of an unknown version");
      const bool is_kept = message.byte() != 0;
      message.length();
      require(message.length() >= 512, "its pages are of an impossible size");
      message.skip(2);
      message.address();
      if (is_kept) message.skip(12 * message.widths().address);
      break;
    }
    default:
      break;
  }
}

}  // namespace spikeport::hdf5::structure
