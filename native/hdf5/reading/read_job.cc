#include "hdf5/reading/read_job.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "engine/block.h"
#include "engine/export_job.h"
#include "hdf5/reading/chunk_decoder.h"
#include "hdf5/reading/chunk_source.h"
#include "hdf5/reading/chunk_walk.h"
#include "hdf5/reading/stored_dataset.h"
#include "platform/memory.h"

namespace spikeport::hdf5 {
namespace {

/** Up to this many bytes, another thread would take longer to wake up. */
constexpr std::uint64_t few_bytes = std::uint64_t{1} << 17U;

/** What is taken out of a file at a time: so many bytes, chunks, and bytes that they will have without filters. */
constexpr std::size_t batch_bytes = block_size;
constexpr std::size_t batch_chunks = 256;
constexpr std::size_t batch_decoded = 4 * block_size;

/** The axis that rows follow each other on, those before it being of length 1. */
std::size_t row_axis(const ReadRequest& request, const StoredDataset& dataset) {
  std::size_t axis = 0;
  if (!request.is_list) return axis;
  while (axis + 1 < dataset.shape.size() && dataset.shape[axis] == 1) axis++;
  return axis;
}

/** The sizes on an axis and those after it. */
std::vector<std::uint64_t> from_axis(const std::vector<std::uint64_t>& sizes, std::size_t axis) {
  return {sizes.begin() + static_cast<std::ptrdiff_t>(axis), sizes.end()};
}

/** A request for chunks of a dataset, whose handle is open only while they are taken. */
struct ChunkedRequest {
  ReadRequest request;
  StoredDataset dataset;
  /** The one that rows follow each other on. */
  std::size_t axis = 0;
  std::uint64_t end_row = 0;
  /** The bytes of an element that was never written. */
  std::vector<std::byte> fill;
};

/** A chunk on its way to the array. */
struct TakenChunk {
  const ChunkedRequest* request;
  std::vector<std::uint64_t> corner;
  StoredChunk stored;
};

/** What one participant has taken out of the file, and decodes. */
struct Batch {
  std::vector<std::byte> bytes;
  std::vector<TakenChunk> chunks;
  ChunkDecoder decoder;
};

/** The elements of a dataset that a request is for, decoded from bytes in memory. */
void decode_into(const OpenFile& file, const StoredDataset& dataset, std::span<const std::byte> in,
                 const Destination& to, std::uint64_t first) {
  const auto unfit = kernels::decode(in, dataset.type.elements, to.scaling, to.type, to.out + first * size_of(to.type));
  if (unfit) file.refuse(dataset.path, unfit_problem(first + *unfit));
}

/** Fills elements of an array with one value, which is a few bytes. */
void repeat(std::span<const std::byte> value, std::byte* out, std::uint64_t count) {
  if (std::ranges::all_of(value, [](std::byte byte) { return byte == std::byte{0}; })) {
    std::memset(out, 0, value.size() * count);
    return;
  }
  for (std::uint64_t i = 0; i < count; i++) std::memcpy(out + i * value.size(), value.data(), value.size());
}

class Reading {
 public:
  Reading(std::shared_ptr<OpenFile> file, ReadPlan plan, unsigned participants)
      : file_(std::move(file)), plan_(std::move(plan)), batches_(participants) {}

  /** On the HDF5 thread: finds out where the next elements are. */
  bool resolve() {
    if (resolved_ < plan_.requests.size()) resolve(plan_.requests[resolved_++]);
    if (resolved_ < plan_.requests.size()) return true;
    parts_.emplace(file_->bytes(), file_->opened(), std::move(plan_.parts), std::move(plan_.objects));
    walk_next();
    return false;
  }

  bool read_parts(Job& job) { return parts_->read_some(job); }

  /** On the HDF5 thread: takes chunks out of the file. */
  void take(unsigned participant) {
    Batch& batch = batches_[participant];
    batch.bytes.clear();
    batch.chunks.clear();
    std::size_t decoded = 0;
    while (walking_ < chunked_.size() && batch.bytes.size() < batch_bytes && batch.chunks.size() < batch_chunks &&
           decoded < batch_decoded) {
      ChunkedRequest& request = chunked_[walking_];
      StoredChunk stored = take_chunk(*file_, request.dataset, walk_.corner(), batch.bytes);
      if (!stored.is_there && request.fill.empty()) request.fill = fill_value(*file_, request.dataset);
      std::size_t size = request.dataset.type.size;
      for (const std::uint64_t length : stored.box) size *= length;
      decoded += size;
      batch.chunks.push_back({.request = &request, .corner = walk_.corner(), .stored = std::move(stored)});
      walk_.next();
      if (walk_.is_done()) {
        request.dataset.handle = {};
        walking_++;
        walk_next();
      }
    }
    all_taken_ = walking_ == chunked_.size();
  }

  /** Decodes what the participant has taken; returns whether it should take more. */
  bool decode(Job& job, unsigned participant) {
    Batch& batch = batches_[participant];
    for (const TakenChunk& chunk : batch.chunks) job.advance(decode(batch, chunk));
    batch.chunks.clear();
    return !all_taken_;
  }

  /** On the HDF5 thread. */
  void check_unchanged() const {
    file_->require_unchanged();
    if (plan_.order) plan_.order->finish();
  }
  void close() { chunked_.clear(); }

 private:
  void resolve(const ReadRequest& request) {
    StoredDataset dataset = open_dataset(*file_, request.path);
    require_readable(*file_, dataset);
    if (!dataset.type.is_numeric()) file_->refuse(request.path, "its elements are no numbers");
    if (!kernels::can_decode(dataset.type.elements, request.to.type, request.to.scaling)) {
      file_->refuse(request.path, "its elements are of another type than before");
    }
    const std::size_t axis = row_axis(request, dataset);
    const std::uint64_t row = dataset.row(axis);
    const std::uint64_t rows = dataset.shape.empty() ? 1 : dataset.shape[axis];
    const std::uint64_t end_row = request.first_row + (row == 0 ? 0 : request.count / row);
    if ((row == 0 ? request.count > 0 : request.count % row != 0) || end_row > rows || request.first_row > rows) {
      file_->refuse(request.path, "it has another shape than before");
    }
    if (request.count == 0) return;
    const std::uint64_t first = request.first_row * row;
    if (dataset.offset) {
      add_part(request, dataset, *dataset.offset + first * dataset.type.size);
    } else if (dataset.layout == StoredDataset::Layout::chunked) {
      dataset.handle = {};
      chunked_.push_back(
          {.request = request, .dataset = std::move(dataset), .axis = axis, .end_row = end_row, .fill = {}});
    } else if (dataset.layout == StoredDataset::Layout::compact) {
      read_compact(request, dataset, first);
    } else {
      fill(request.to, dataset, 0, request.count, fill_value(*file_, dataset));
      request.to.filled(0, request.count);
    }
  }

  void add_part(const ReadRequest& request, const StoredDataset& dataset, std::uint64_t offset) {
    plan_.parts.push_back({.offset = offset,
                           .stored = dataset.type.elements,
                           .count = request.count,
                           .to = request.to,
                           .object = static_cast<std::uint32_t>(plan_.objects.size())});
    plan_.objects.push_back(request.path);
  }

  /** Compact elements are in the header of their dataset: less than 64 KiB. */
  void read_compact(const ReadRequest& request, const StoredDataset& dataset, std::uint64_t first) {
    const Handle type = file_->check(H5Dget_type(dataset.handle.get()), H5Tclose, dataset.path, "read it");
    std::vector<std::byte> bytes(dataset.count() * dataset.type.size);
    file_->check(H5Dread(dataset.handle.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), dataset.path,
                 "read it");
    const std::size_t size = dataset.type.size;
    decode_into(*file_, dataset, std::span(bytes).subspan(first * size, request.count * size), request.to, 0);
    request.to.filled(0, request.count);
  }

  void fill(const Destination& to, const StoredDataset& dataset, std::uint64_t first, std::uint64_t count,
            std::span<const std::byte> value) const {
    std::array<std::byte, sizeof(double)> element{};
    Destination one = to;
    one.out = element.data();
    decode_into(*file_, dataset, value, one, 0);
    const std::size_t size = size_of(to.type);
    repeat(std::span(element).first(size), to.out + first * size, count);
  }

  /** Goes to the first chunk of the next request. */
  void walk_next() {
    if (walking_ == chunked_.size()) {
      all_taken_ = true;
      return;
    }
    ChunkedRequest& next = chunked_[walking_];
    next.dataset.handle = file_->open_dataset(next.dataset.path).handle;
    walk_ = ChunkWalk(next.dataset.shape, next.dataset.chunk, next.request.first_row, next.end_row, next.axis);
  }

  /** Returns how many bytes of the array it has filled. */
  std::uint64_t decode(Batch& batch, const TakenChunk& chunk) const {
    const ReadRequest& request = chunk.request->request;
    const StoredDataset& dataset = chunk.request->dataset;
    const std::size_t size = dataset.type.size;
    std::span<const std::byte> elements;
    if (chunk.stored.is_there) {
      std::size_t bytes = size;
      for (const std::uint64_t length : chunk.stored.box) bytes *= length;
      std::string problem;
      const auto stored = std::span(batch.bytes).subspan(chunk.stored.first, chunk.stored.size);
      elements = batch.decoder.decode(stored, dataset.filters, chunk.stored.mask, bytes, problem);
      if (!problem.empty()) file_->refuse(dataset.path, problem);
    }
    std::uint64_t filled = 0;
    // Of axes of length 1 a chunk has one element, at its start.
    const std::size_t axis = chunk.request->axis;
    const Overlap overlap{.corner = from_axis(chunk.corner, axis),
                          .box = from_axis(chunk.stored.box, axis),
                          .shape = from_axis(dataset.shape, axis),
                          .first_row = request.first_row,
                          .end_row = chunk.request->end_row};
    visit_runs(overlap, [&, this](std::uint64_t from, std::uint64_t to, std::uint64_t count) {
      if (chunk.stored.is_there) {
        decode_into(*file_, dataset, elements.subspan(from * size, count * size), request.to, to);
      } else {
        fill(request.to, dataset, to, count, chunk.request->fill);
      }
      request.to.filled(to, count);
      filled += count * size_of(request.to.type);
    });
    return filled;
  }

  std::shared_ptr<OpenFile> file_;
  ReadPlan plan_;
  std::size_t resolved_ = 0;
  std::optional<FileParts> parts_;
  /** Does not grow once chunks are taken, which point into it. */
  std::vector<ChunkedRequest> chunked_;
  /** The request whose chunks are taken now, and where in it. */
  std::size_t walking_ = 0;
  ChunkWalk walk_;
  std::atomic<bool> all_taken_ = false;
  std::vector<Batch> batches_;
};

std::uint64_t bytes_of(const ReadPlan& plan) {
  std::uint64_t bytes = 0;
  for (const ReadRequest& request : plan.requests) bytes += request.count * size_of(request.to.type);
  for (const FilePart& part : plan.parts) bytes += part.count * size_of(part.to.type);
  return bytes;
}

}  // namespace

std::shared_ptr<Job> read_job(const std::shared_ptr<OpenFile>& file, ReadPlan plan, unsigned threads) {
  const std::uint64_t bytes = bytes_of(plan);
  for (const ReadRequest& request : plan.requests) {
    platform::expect_filling({request.to.out, request.count * size_of(request.to.type)});
  }
  ThreadPool& pool = bytes <= few_bytes ? hdf5_thread() : workers();
  const unsigned participants = bytes <= few_bytes ? 1 : useful_threads(bytes, {.threads = threads});
  const auto reading = std::make_shared<Reading>(file, std::move(plan), participants);
  auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = hdf5_thread(),
       .work = [reading](Job& /*job*/, unsigned /*participant*/) { return reading->resolve(); }},
      {.threads = pool,
       .work = [reading](Job& current, unsigned /*participant*/) { return reading->read_parts(current); },
       .participants = participants},
      {.threads = pool,
       .work = [reading](Job& current, unsigned participant) { return reading->decode(current, participant); },
       .participants = participants,
       .relay = Relay{.threads = hdf5_thread(),
                      .work =
                          [reading](Job& /*job*/, unsigned participant) {
                            reading->take(participant);
                            return true;
                          }}},
      {.threads = hdf5_thread(),
       .work =
           [reading](Job& /*job*/, unsigned /*participant*/) {
             reading->check_unchanged();
             return false;
           }},
      {.threads = hdf5_thread(),
       .work =
           [reading](Job& /*job*/, unsigned /*participant*/) {
             reading->close();
             return false;
           },
       .always = true},
  });
  job->expect_bytes(bytes);
  return job;
}

}  // namespace spikeport::hdf5
