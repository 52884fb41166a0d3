#pragma once

// A synthetic recording that plans refer to.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "spikes/spike_trains.h"
#include "support/random.h"

namespace spikeport::test {

/** Everything that plans point into. */
struct Recording {
  std::vector<std::vector<double>> times;
  std::shared_ptr<const SpikeTrains> trains;
  std::size_t channels;
  /** Channels × samples. */
  std::vector<std::int16_t> samples;
  std::vector<std::int64_t> ids;
  /** How many values each spike of a unit has. */
  std::vector<std::int32_t> values;
  /** The samples as they are, and as one matrix of channels × samples: the columns that JoinedArrays takes. */
  std::vector<std::int32_t> columns;
  /** One text a unit, contiguous, and where each ends. */
  std::string texts;
  std::vector<double> text_ends;
  /** One of two things for each unit. */
  std::vector<std::int32_t> choices;
};

/** Units of at most `most_spikes` spikes each, and a raw sample for each ms. */
std::shared_ptr<const Recording> make_recording(std::size_t units, std::size_t most_spikes, Random& random);

}  // namespace spikeport::test
