// A cancelled job finishes the blocks in progress and starts no others.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "hdf5/export.h"
#include "plain_files/export.h"
#include "sources/source.h"

namespace spikeport::test {
namespace {

constexpr unsigned export_threads = 2;
constexpr std::uint64_t block_bytes = std::uint64_t{1} << 20U;

/** Stops its job once it is asked for elements, and counts how often that is. */
class Stopping : public Source {
 public:
  Stopping() : Source(ElementType::u8, {100 * block_bytes}) {}

  void fill(std::uint64_t first, std::span<std::byte> block) const override {
    fills_++;
    if (const auto job = job_.lock()) job->cancel();
    // As no stream of theirs is short, nor much longer to make than they are.
    std::ranges::generate(block, [&] { return static_cast<std::byte>(first++ * 2654435761U >> 13U); });
  }

  void watch(const std::shared_ptr<Job>& job) { job_ = job; }
  [[nodiscard]] unsigned fills() const { return fills_; }

 private:
  std::weak_ptr<Job> job_;
  mutable std::atomic<unsigned> fills_ = 0;
};

void check(const ExportJob& exported, Stopping& source, unsigned fills_at_once, const TemporaryFolder& folder) {
  source.watch(exported.job);
  CHECK(is_cancelled(run(exported.job)));
  CHECK(source.fills() >= 1);
  CHECK(source.fills() <= fills_at_once);
  CHECK(folder.names().empty());
}

TEST_CASE("cancel: chunks, of which many would be made in one go") {
  const TemporaryFolder folder;
  for (const auto level : {std::optional<unsigned>(), std::optional(1U), std::optional(9U)}) {
    for (const std::uint64_t chunk_bytes : {std::uint64_t{1000}, block_bytes}) {
      INFO("chunks of " << chunk_bytes << " at level " << level.value_or(0));
      const auto source = std::make_shared<Stopping>();
      const hdf5::Chunking chunking{.chunk = {}, .chunk_bytes = chunk_bytes, .deflate_level = level, .shuffle = false};
      hdf5::Plan plan{folder.at("file"), {}, {hdf5::Dataset{"data", source, chunking, {}}}};
      check(hdf5::export_job(std::move(plan), {.threads = export_threads}), *source, export_threads, folder);
    }
  }
}

TEST_CASE("cancel: blocks of a contiguous dataset, and of a file") {
  const TemporaryFolder folder;
  const auto dataset = std::make_shared<Stopping>();
  hdf5::Plan plan{folder.at("file"), {}, {hdf5::Dataset{"data", dataset, std::nullopt, {}}}};
  check(hdf5::export_job(std::move(plan), {.threads = export_threads}), *dataset, export_threads, folder);
  const auto data = std::make_shared<Stopping>();
  plain_files::FilePlan file{folder.at("file"), {plain_files::SourceData{data, std::nullopt}}};
  check(plain_files::export_job(std::move(file), {.threads = export_threads}), *data, export_threads, folder);
}

}  // namespace
}  // namespace spikeport::test
