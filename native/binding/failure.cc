#include "binding/failure.h"

#include <new>

#include "engine/errors.h"
#include "platform/error.h"

namespace spikeport::binding {

Napi::Value failure_record(Napi::Env env, const std::exception_ptr& failure) {
  auto record = Napi::Object::New(env);
  try {
    std::rethrow_exception(failure);
  } catch (const SystemError& error) {
    record["failure"] = "system";
    record["errno"] = error.code().default_error_condition().value();
    record["syscall"] = error.call();
    record["path"] = error.path();
  } catch (const Hdf5Failure& error) {
    record["failure"] = "hdf5";
    record["message"] = error.what();
    record["stack"] = error.stack();
  } catch (const FormatError& error) {
    record["failure"] = "format";
    record["path"] = error.path();
    record["object"] = error.object();
    record["problem"] = error.what();
    record["stack"] = error.stack();
  } catch (const ValueError& error) {
    record["failure"] = "value";
    record["message"] = error.what();
  } catch (const TargetError& error) {
    record["failure"] = "target";
    record["expected"] = error.expected();
    record["path"] = error.path();
  } catch (const FolderChanged&) {
    record["failure"] = "changed";
  } catch (const Cancelled&) {
    record["failure"] = "cancelled";
  } catch (const std::bad_alloc&) {
    record["failure"] = "memory";
  } catch (const std::exception& error) {
    record["failure"] = "unexpected";
    record["message"] = error.what();
  }
  return record;
}

}  // namespace spikeport::binding
