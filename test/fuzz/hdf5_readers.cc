#include "hdf5_readers.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/errors.h"
#include "engine/thread_pool.h"
#include "exports/run.h"
#include "hdf5/reading/description.h"
#include "hdf5/reading/raster_reader.h"
#include "hdf5/reading/read_job.h"
#include "hdf5/reading/sample_opening.h"
#include "hdf5/reading/stored_dataset.h"
#include "hdf5/reading/stored_units.h"
#include "hdf5/reading/texts.h"
#include "platform/error.h"
#include "reading/sample_file.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

using hdf5::OpenFile;

/** What a file says that it holds beyond this is not tried: an array as long would be the caller's. */
constexpr std::uint64_t most_elements = std::uint64_t{1} << 20U;

/** How many objects of a file are looked at. */
constexpr std::size_t most_objects = 64;

/** Whether readers may fail with this: a file that is refused, and never anything unexpected. */
void require_refusal(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const FormatError&) {
  } catch (const SystemError&) {
  } catch (const std::bad_alloc&) {
  } catch (const std::exception& error) {
    require(false, std::string("unexpected: ") + error.what());
  }
}

void read_numbers(const std::shared_ptr<OpenFile>& file, const hdf5::Description& found) {
  const auto& dataset = found.dataset;
  const std::uint64_t count = dataset.count();
  if (!dataset.problem.empty() || !dataset.excess.empty() || !dataset.type.is_numeric() || count > most_elements)
    return;
  for (const ElementType type : {ElementType::f64, dataset.type.elements.type}) {
    std::vector<std::byte> numbers(std::max<std::uint64_t>(1, count) * size_of(type));
    hdf5::ReadPlan plan;
    plan.requests.push_back({.path = dataset.path,
                             .first_row = 0,
                             .count = count,
                             .to = {.type = type, .scaling = {}, .out = numbers.data()}});
    require_refusal(test::run(hdf5::read_job(file, std::move(plan), 2)));
  }
}

/** Raw samples, in both orders, without the library. */
void read_samples(const std::shared_ptr<OpenFile>& file, const std::string& path) {
  for (const bool by_channel : {false, true}) {
    std::shared_ptr<const SampleFile> samples;
    require_refusal(on_hdf5_thread([&] {
      hdf5::SampleOpening opening(path, by_channel);
      while (opening.open_some(*file)) continue;
      opening.close();
      samples = opening.take();
    }));
    if (!samples || samples->samples() * samples->channels() > most_elements) continue;
    std::vector<std::byte> read(static_cast<std::size_t>(samples->samples() + 1) * samples->sample_bytes());
    require_refusal(test::run(std::make_shared<Job>(
        std::vector<Stage>{{.threads = workers(), .work = [&](Job& /*job*/, unsigned /*participant*/) {
                              SampleReader(samples).read(0, samples->samples(), read.data());
                              return false;
                            }}})));
  }
}

void read_raster(const std::shared_ptr<OpenFile>& file, const std::string& path) {
  const auto raster = std::make_shared<hdf5::RasterReader>(path);
  const auto failure = test::run(raster->count_job(file, 2));
  require_refusal(failure);
  if (failure || raster->ends().empty() || static_cast<std::uint64_t>(raster->ends().back()) > most_elements) return;
  std::vector<double> times(static_cast<std::size_t>(raster->ends().back()));
  const kernels::RasterBins bins{.start_ms = 1, .width_ms = 2};
  // Half of them, and the rest.
  std::vector<std::uint32_t> units(times.size());
  for (const std::size_t count : {times.size() / 2, times.size() - times.size() / 2}) {
    const auto some = std::span(times).first(count);
    require_refusal(test::run(raster->next_job(file, bins, some, std::span(units).first(count), 2)));
  }
  require_refusal(test::run(raster->fill_job(file, bins, times, 2)));
}

void read_units(const std::shared_ptr<OpenFile>& file, const std::string& path) {
  hdf5::StoredUnits units(path);
  const auto failure = on_hdf5_thread([&] {
    while (units.look_at_some(*file)) continue;
  });
  require_refusal(failure);
  if (failure || units.count() > most_elements) return;
  std::vector<double> times(units.count() + 1);
  const Destination to{.type = ElementType::f64, .scaling = {}, .out = reinterpret_cast<std::byte*>(times.data())};
  const std::uint64_t half = units.count() / 2;
  require_refusal(test::run(hdf5::read_job(file, units.plan(half, units.count() - half, to), 2)));
  require_refusal(test::run(hdf5::read_job(file, units.take_plan(to), 2)));
}

void read_texts(OpenFile& file, const std::string& path) {
  hdf5::TextReader reader(file, path);
  std::vector<std::string> texts;
  for (int step = 0; step < 4 && reader.read_some(texts); step++) texts.clear();
}

void read_all(const std::shared_ptr<OpenFile>& file) {
  std::vector<std::string> paths{"/"};
  for (std::size_t i = 0; i < paths.size() && i < most_objects; i++) {
    const std::string path = paths[i];
    hdf5::Description found;
    const auto failure = on_hdf5_thread([&] {
      found = hdf5::describe(*file, path);
      if (found.kind == hdf5::Description::Kind::group) {
        hdf5::ChildReader children(path);
        while (children.read_some(*file)) continue;
        for (const std::string& name : names_in(*file, path)) {
          if (paths.size() < most_objects) paths.push_back((path == "/" ? "" : path) + "/" + name);
        }
      }
      const auto& type = found.dataset.type;
      if (found.kind == hdf5::Description::Kind::dataset && !type.is_numeric()) {
        read_texts(*file, path);
      }
    });
    require_refusal(failure);
    if (failure) continue;
    if (found.kind == hdf5::Description::Kind::group) read_units(file, path);
    if (found.kind != hdf5::Description::Kind::dataset) continue;
    read_numbers(file, found);
    if (found.dataset.shape.size() == 2) read_raster(file, path);
    read_samples(file, path);
  }
}

}  // namespace

std::vector<std::string> names_in(const OpenFile& file, const std::string& group) {
  hdf5::LinkReader reader(group);
  while (reader.read_some(file)) continue;
  std::vector<std::string> names;
  for (hdf5::GroupLink& link : reader.take()) names.push_back(std::move(link.name));
  return names;
}

std::exception_ptr on_hdf5_thread(std::function<void()> work) {
  return test::run(std::make_shared<Job>(
      std::vector<Stage>{{.threads = hdf5_thread(), .work = [work = std::move(work)](Job&, unsigned) {
                            work();
                            return false;
                          }}}));
}

void read_as_file(const test::TemporaryFolder& folder, std::string_view bytes) {
  const std::string path = folder.at("file.h5");
  // Another file each time: the library has one that is still being closed open for its next readers.
  test::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
  std::shared_ptr<OpenFile> file;
  const auto failure = on_hdf5_thread([&] {
    file = hdf5::open_file(path, "file");
    while (file->open_some()) continue;
  });
  require_refusal(failure);
  if (!failure) read_all(file);
  file.reset();
  // After it has been closed.
  require_refusal(on_hdf5_thread([] {}));
}

}  // namespace spikeport::fuzz
