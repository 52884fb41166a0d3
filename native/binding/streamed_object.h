#pragma once

// Streams that are written before the plan of their file is made, as JS objects.

#include <napi.h>

#include <memory>

#include "hdf5/model/begun_file.h"
#include "hdf5/streams/streamed_dataset.h"

namespace spikeport::binding {

/** The JS class `BegunFile` (NativeBegunFile in lib/engine/native-streams.ts). */
class BegunFileObject : public Napi::ObjectWrap<BegunFileObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit BegunFileObject(const Napi::CallbackInfo& info);
  BegunFileObject(const BegunFileObject&) = delete;
  BegunFileObject& operator=(const BegunFileObject&) = delete;
  /** A worker removes what no export took: this is the JS thread. */
  ~BegunFileObject() override;

  /** The file of a JS object of this class; null for any other value. */
  static std::shared_ptr<hdf5::BegunFile> file_of(const Napi::Value& object);

 private:
  Napi::Value open(const Napi::CallbackInfo& info);
  Napi::Value discard(const Napi::CallbackInfo& info);

  std::shared_ptr<hdf5::BegunFile> file_;
};

/** The JS class `StreamedDataset` (NativeStreamedDataset in lib/engine/native-streams.ts). */
class StreamedDatasetObject : public Napi::ObjectWrap<StreamedDatasetObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit StreamedDatasetObject(const Napi::CallbackInfo& info);

  /** The dataset of a JS object of this class; null for any other value. */
  static std::shared_ptr<const hdf5::StreamedDataset> dataset_of(const Napi::Value& object);

 private:
  Napi::Value append(const Napi::CallbackInfo& info);
  Napi::Value is_full(const Napi::CallbackInfo& info);
  Napi::Value take(const Napi::CallbackInfo& info);
  Napi::Value flush(const Napi::CallbackInfo& info);
  void free(const Napi::CallbackInfo& info);

  std::shared_ptr<hdf5::StreamedDataset> dataset_;
};

}  // namespace spikeport::binding
