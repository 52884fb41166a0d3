#include "hdf5/direct/unit_group.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "hdf5/direct/object_header.h"

namespace spikeport::hdf5::direct {
namespace {

std::uint64_t header_size(ElementType type) {
  const std::uint64_t any_count = 0;
  return object_header_size(dataset_messages(type, {&any_count, 1}, undefined_address));
}

std::uint64_t header_size(ElementType type, const Chunking& chunking) {
  const std::uint64_t any_count = 0;
  return object_header_size(chunked_dataset_messages(type, {&any_count, 1}, chunking, {any_count}, undefined_address));
}

std::uint64_t name_size(std::uint64_t units) { return padded(std::to_string(units).size() + 1); }

}  // namespace

UnitObjectHeaders::UnitObjectHeaders(std::shared_ptr<const SpikeTimes> times, std::uint64_t data)
    : GeneratedRecords(header_size(times->type()), times->trains().unit_count()),
      times_(std::move(times)),
      data_(data) {}

void UnitObjectHeaders::encode(std::uint64_t unit, std::span<std::byte> header) const {
  const SpikeTrains& trains = times_->trains();
  const std::uint64_t count = trains.spike_count(unit);
  const std::uint64_t address = data_ + trains.first_spike(unit) * size_of(times_->type());
  encode_object_header(dataset_messages(times_->type(), {&count, 1}, address), header);
}

ChunkedUnitObjectHeaders::ChunkedUnitObjectHeaders(std::shared_ptr<const SpikeTimes> times, Chunking chunking,
                                                   std::shared_ptr<const UnitChunkBTrees> trees)
    : GeneratedRecords(header_size(times->type(), chunking), times->trains().unit_count()),
      times_(std::move(times)),
      chunking_(std::move(chunking)),
      trees_(std::move(trees)) {}

void ChunkedUnitObjectHeaders::encode(std::uint64_t unit, std::span<std::byte> header) const {
  const std::uint64_t count = times_->trains().spike_count(unit);
  const std::span shape(&count, 1);
  if (has_chunks(chunking_, shape)) {
    const std::uint64_t btree = count == 0 ? undefined_address : trees_->root_of(unit);
    encode_object_header(chunked_dataset_messages(times_->type(), shape, chunking_, trees_->chunk_of(unit), btree),
                         header);
    return;
  }
  const auto contiguous = dataset_messages(times_->type(), shape, undefined_address);
  std::vector<Message> messages(contiguous.begin(), contiguous.end());
  const std::uint64_t room = header.size() - object_header_size(messages);
  if (room > 0) messages.emplace_back(NilMessage{room - message_prefix_size});
  encode_object_header(messages, header);
}

UnitNames::UnitNames(std::uint64_t units) : GeneratedRecords(name_size(units), units + 1) {}

void UnitNames::encode(std::uint64_t number, std::span<std::byte> name) const {
  if (number > 0) Encoder(name).text(std::to_string(number - 1));
}

std::uint64_t DecimalOrder::at(std::uint64_t place) const {
  if (place == 0) return 0;
  std::uint64_t number = 1;
  // How many of those from `number` on are still to be passed over.
  std::uint64_t ahead = place - 1;
  while (ahead > 0) {
    const std::uint64_t passed = count_beginning_with(number);
    if (passed <= ahead) {
      ahead -= passed;
      number++;
    } else {
      ahead--;
      number *= 10;
    }
  }
  return number;
}

std::uint64_t DecimalOrder::next(std::uint64_t number) const {
  if (number == 0) return 1;
  if (number * 10 < count_) return number * 10;
  while (number % 10 == 9 || number + 1 == count_) number /= 10;
  return number + 1;
}

std::uint64_t DecimalOrder::count_beginning_with(std::uint64_t number) const {
  std::uint64_t numbers = 0;
  for (std::uint64_t tens = 1; number * tens < count_; tens *= 10) numbers += std::min(tens, count_ - number * tens);
  return numbers;
}

UnitSymbolTableEntries::UnitSymbolTableEntries(std::uint64_t units, std::shared_ptr<const UnitNames> names,
                                               std::uint64_t headers, std::uint64_t header_size)
    : order_(units), names_(std::move(names)), headers_(headers), header_size_(header_size) {}

void UnitSymbolTableEntries::read(std::uint64_t first, std::span<SymbolTableEntry> entries) const {
  std::uint64_t unit = order_.at(first);
  for (SymbolTableEntry& entry : entries) {
    entry = {.name_offset = names_->offset_of(unit), .object_header = headers_ + unit * header_size_};
    if (++first < order_.count()) unit = order_.next(unit);
  }
}

}  // namespace spikeport::hdf5::direct
