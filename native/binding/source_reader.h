#pragma once

// Reads the sources of plans.

#include <memory>

#include "binding/fields.h"
#include "hdf5/streams/streamed_dataset.h"
#include "sources/raster.h"
#include "sources/source.h"
#include "sources/spike_sources.h"
#include "spikes/spike_trains.h"

namespace spikeport::binding {

// Sources as lib/engine/plan/sources.ts describes them.

std::shared_ptr<const Source> read_source(Fields& source);
/** The source of a repeat, which has an array for each unit. */
std::shared_ptr<const SpikeTimes> read_unit_source(Fields& source);
/** A source that is a raster. */
std::unique_ptr<const Raster> read_raster(Fields& source);

/** The field `stream`. */
std::shared_ptr<const hdf5::StreamedDataset> read_stream(Fields& owner);
std::shared_ptr<const SpikeTrains> read_trains(Fields& owner);
/** The field `column`: one of the values of each spike of trains. */
std::size_t read_value_column(Fields& owner, const SpikeTrains& trains);

}  // namespace spikeport::binding
