#pragma once

// An HDF5 file that is open for reading, as a JS object.

#include <napi.h>

#include <memory>
#include <string>

#include "hdf5/reading/open_file.h"

namespace spikeport::binding {

/** The JS class `Hdf5File` (NativeHdf5File in lib/engine/native-reading.ts). All methods run on the JS thread, and
 * start jobs. */
class Hdf5FileObject : public Napi::ObjectWrap<Hdf5FileObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit Hdf5FileObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value open(const Napi::CallbackInfo& info);
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value more_attributes(const Napi::CallbackInfo& info);
  Napi::Value children(const Napi::CallbackInfo& info);
  Napi::Value texts(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value spike_trains(const Napi::CallbackInfo& info);
  Napi::Value unit_datasets(const Napi::CallbackInfo& info);
  Napi::Value read_unit_datasets(const Napi::CallbackInfo& info);
  Napi::Value raster(const Napi::CallbackInfo& info);
  Napi::Value read_raster(const Napi::CallbackInfo& info);
  Napi::Value next_of_raster(const Napi::CallbackInfo& info);
  Napi::Value open_samples(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /** The file; throws once it is closed. */
  [[nodiscard]] const std::shared_ptr<hdf5::OpenFile>& file(Napi::Env env) const;

  std::string path_;
  std::string name_;
  std::shared_ptr<hdf5::OpenFile> file_;
};

}  // namespace spikeport::binding
