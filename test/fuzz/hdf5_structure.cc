// HDF5 files of every layout, type and structure, a few bytes of the structure of each changed, and its checksums made
// to fit again: readers refuse them or read something, and nothing else.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "hdf5/direct/checksum.h"
#include "hdf5/library/error.h"
#include "hdf5_files.h"
#include "hdf5_readers.h"
#include "input.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

/** Bytes that a checksum follows. */
struct Checked {
  std::size_t offset;
  std::size_t size;
};

/** A file to start from. */
struct Seed {
  std::string bytes;
  /** The bytes that are changed: those that are not 0, and those after them. */
  std::vector<std::size_t> places;
  std::vector<Checked> checked;
  /** Where structures begin. */
  std::vector<std::size_t> structures;
};

std::uint32_t checksum_of(const std::string& bytes, const Checked& part) {
  return hdf5::direct::checksum_of(std::as_bytes(std::span(bytes)).subspan(part.offset, part.size));
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/** Finds the structures of a file by their signatures, and how long those with checksums are by trying all lengths. */
void find_structures(Seed& seed) {
  constexpr std::array<std::string_view, 16> checksummed{"\x89HDF", "OHDR", "OCHK", "BTHD", "BTIN", "BTLF",
                                                         "FRHP",    "FHDB", "FHIB", "FAHD", "FADB", "EAHD",
                                                         "EAIB",    "EASB", "EADB", "FSHD"};
  constexpr std::array<std::string_view, 4> others{"TREE", "SNOD", "HEAP", "GCOL"};
  constexpr std::size_t longest = 4096;
  const std::string& bytes = seed.bytes;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at++) {
    const std::string_view signature = std::string_view(bytes).substr(at, 4);
    const bool has_checksum = std::ranges::find(checksummed, signature) != checksummed.end();
    if (!has_checksum && std::ranges::find(others, signature) == others.end()) continue;
    seed.structures.push_back(at);
    for (std::size_t size = 8; has_checksum && size <= longest && at + size + 4 <= bytes.size(); size++) {
      const Checked part{.offset = at, .size = size};
      if (checksum_of(bytes, part) != number_at(bytes, at + size)) continue;
      seed.checked.push_back(part);
      break;
    }
  }
}

void find_places(Seed& seed) {
  constexpr std::size_t run = 8;
  std::size_t last = 0;
  for (std::size_t at = 0; at < seed.bytes.size(); at++) {
    if (seed.bytes[at] != 0) last = at;
    if (at - last < run) seed.places.push_back(at);
  }
}

const std::vector<Seed>& seeds(const test::TemporaryFolder& folder) {
  static const std::vector<Seed> written = [&] {
    std::vector<Seed> files(2 * file_kinds);
    const auto failure = on_hdf5_thread([&] {
      hdf5::initialize();
      for (std::size_t i = 0; i < files.size(); i++) {
        const std::string path = folder.at("seed" + std::to_string(i) + ".h5");
        write_file(path, i >= file_kinds, i % file_kinds);
        files[i].bytes = test::bytes_at(path);
        find_structures(files[i]);
        find_places(files[i]);
        require(!files[i].structures.empty(), "a file without structure");
      }
    });
    require(!failure, test::message_of(failure));
    return files;
  }();
  return written;
}

/** A number that structures may trip over. */
std::uint64_t any_number(const Seed& seed, Input& input) {
  switch (input.below(6)) {
    case 0:
      return input.below(17);
    case 1:
      return ~std::uint64_t{0} >> input.below(64);
    case 2:
      return std::uint64_t{1} << input.below(64);
    case 3:
      return seed.bytes.size() - input.below(17);
    case 4:
      return seed.structures[input.below(seed.structures.size())];
    default:
      return input.any<std::uint64_t>();
  }
}

void put(std::string& bytes, std::size_t at, std::uint64_t number, std::size_t width) {
  for (std::size_t i = 0; i < width && at + i < bytes.size(); i++) bytes[at + i] = static_cast<char>(number >> 8 * i);
}

/** Changes bytes of a file, and makes the checksums fit. */
std::string changed(const Seed& seed, Input& input) {
  std::string bytes = seed.bytes;
  while (!input.is_empty()) {
    const std::size_t at = seed.places[input.below(seed.places.size())];
    switch (input.below(8)) {
      case 0:
        put(bytes, at, any_number(seed, input), 8);
        break;
      case 1:
        put(bytes, at, any_number(seed, input), 4);
        break;
      case 2:
        put(bytes, at, any_number(seed, input), 2);
        break;
      case 3: {
        // The same as somewhere else.
        const std::size_t from = seed.places[input.below(seed.places.size())];
        const std::size_t length = std::min({std::size_t{1} + input.below(64), bytes.size() - at, bytes.size() - from});
        std::memmove(bytes.data() + at, seed.bytes.data() + from, length);
        break;
      }
      default:
        put(bytes, at, input.any<std::uint8_t>(), 1);
    }
  }
  for (const Checked& part : seed.checked) put(bytes, part.offset + part.size, checksum_of(bytes, part), 4);
  return bytes;
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport;
  static const test::TemporaryFolder folder;
  fuzz::Input input(data, size);
  const auto& seeds = fuzz::seeds(folder);
  const fuzz::Seed& seed = seeds[input.below(seeds.size())];
  fuzz::read_as_file(folder, fuzz::changed(seed, input));
  return 0;
}
