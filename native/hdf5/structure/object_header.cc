#include "hdf5/structure/object_header.h"

#include <deque>

namespace spikeport::hdf5::structure {
namespace {

constexpr std::size_t checksum_bytes = 4;

/** More messages than any header has; those of links in groups are at most 65535, as a count of two bytes has them. */
constexpr std::size_t most_messages = std::size_t{1} << 16U;

/** Where more of a header is. */
struct Continuation {
  std::uint64_t address;
  std::uint64_t length;
};

class HeaderReader {
 public:
  explicit HeaderReader(FileBytes& bytes) : bytes_(bytes), seen_(bytes) {}

  ObjectHeader read(std::uint64_t address) {
    const auto start = bytes_.view(address, 6);
    if (Cursor(start, bytes_.widths()).text(4) == "OHDR") {
      read_new(address);
    } else {
      read_old(address);
    }
    // Each may have others in it.
    while (!continuations_.empty()) {
      const Continuation more = continuations_.front();
      continuations_.pop_front();
      Cursor part = keep(more.address, more.length);
      if (is_new_) {
        part.expect("OCHK", "the continuation of its header is not there");
        require(part.left() >= checksum_bytes, "the continuation of its header is too short");
        part = part.sub(part.left() - checksum_bytes);
      }
      read_messages(part);
    }
    return std::move(header_);
  }

 private:
  Cursor keep(std::uint64_t address, std::uint64_t length) {
    seen_.add(length);
    return {header_.parts.emplace_back(bytes_.read(address, length)), bytes_.widths()};
  }

  void read_old(std::uint64_t address) {
    constexpr std::size_t prefix_bytes = 16;
    Cursor prefix = bytes_.cursor(address, prefix_bytes);
    require(prefix.byte() == 1, "it has no header");
    prefix.skip(7);
    const std::uint64_t length = prefix.four();
    Cursor part = keep(address + prefix_bytes, length);
    read_messages(part);
  }

  void read_new(std::uint64_t address) {
    is_new_ = true;
    // Signature, version, flags, four times of four bytes, and the limits of attributes.
    constexpr std::size_t most_prefix = 6 + 16 + 4 + 8;
    Cursor prefix = bytes_.cursor(address, std::min<std::uint64_t>(most_prefix, bytes_.size() - address));
    const std::size_t all = prefix.left();
    prefix.skip(4);
    require(prefix.byte() == 2, "its header is of an unknown version");
    const unsigned flags = prefix.byte();
    if ((flags & 0x20U) != 0) prefix.skip(16);
    if ((flags & 0x10U) != 0) prefix.skip(4);
    has_order_ = (flags & 4U) != 0;
    const std::uint64_t length = prefix.number(std::size_t{1} << (flags & 3U));
    const std::uint64_t begin = address + (all - prefix.left());
    require(bytes_.has(begin, length) && bytes_.has(begin + length, checksum_bytes),
            "its structure leads beyond the end of the file");
    Cursor part = keep(begin, length);
    read_messages(part);
  }

  void read_messages(Cursor& part) {
    const std::size_t head = is_new_ ? (has_order_ ? 6 : 4) : 8;
    while (part.left() > 0) {
      // The rest of a new header may be a gap.
      if (is_new_ && part.left() < head) return;
      const unsigned type = is_new_ ? part.byte() : part.two();
      const std::uint64_t length = part.two();
      const unsigned flags = part.byte();
      part.skip(head - (is_new_ ? 4 : 5));
      require(length <= part.left(), "a message of its header is longer than the header");
      add(type, flags, part.sub(length));
    }
  }

  void add(unsigned type, unsigned flags, Cursor message) {
    if (type > static_cast<unsigned>(MessageType::cache_image) || type == 0) return;
    const auto kind = static_cast<MessageType>(type);
    if (kind == MessageType::continuation) {
      const std::uint64_t address = message.address();
      const std::uint64_t length = message.length();
      require(address != undefined && length > 0, "its header continues nowhere");
      continuations_.push_back({.address = address, .length = length});
      return;
    }
    require(header_.messages.size() < most_messages, "its header has too many messages");
    header_.messages.push_back({.type = kind, .is_shared = (flags & 2U) != 0, .bytes = message.rest()});
  }

  FileBytes& bytes_;
  Seen seen_;
  ObjectHeader header_;
  std::deque<Continuation> continuations_;
  bool is_new_ = false;
  bool has_order_ = false;
};

}  // namespace

ObjectHeader read_header(FileBytes& bytes, std::uint64_t address) { return HeaderReader(bytes).read(address); }

}  // namespace spikeport::hdf5::structure
