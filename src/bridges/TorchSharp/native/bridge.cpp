// C ABI over libtorch. Every operator is reached by name through the dispatcher with boxed arguments (`ts_call`); the
// remaining functions are for what is no operator. A tensor handle is a TensorImpl* that owns one reference.
// Functions that can fail return a negative number or null; `ts_last_error` then holds the sentence.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <malloc.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <cmath>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using TensorPtr = c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>;

enum Tag : int32_t { None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, String, Device, Generator };

// Mirrors Internals/Operator.cs.
struct Argument {
  int32_t tag;
  int32_t count;    // elements of a list, bytes of a string
  int64_t payload;  // handle, value, bits of a double, or address
  int64_t extra;    // device index; for a returned tensor its size in bytes
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<bool> is_float;  // parameters of type float, for which the dispatcher accepts no integer
};

// Mirrors Internals/Native.cs.
struct Info {
  int64_t dimensions, elements;
  int32_t dtype, device_type, device_index;
  uint8_t requires_grad, is_leaf, is_contiguous, defined_grad;
};

struct AdamItem {
  at::TensorImpl *parameter, *exp_avg, *exp_avg_sq, *max_exp_avg_sq;
  int64_t step;  // set to −1 once the parameter has been updated
};

thread_local std::string last_error;

at::Tensor borrow(void* handle) {
  return at::Tensor(TensorPtr::reclaim_copy(static_cast<at::TensorImpl*>(handle)));
}

void* release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseIntrusivePtr().release() : nullptr;
}

std::vector<at::Tensor> borrow_all(void* const* handles, int64_t count) {
  std::vector<at::Tensor> tensors(count);
  for (int64_t i = 0; i < count; ++i)
    if (handles[i]) tensors[i] = borrow(handles[i]);
  return tensors;
}

template <typename Body, typename Result>
Result guarded(Result failed, Body&& body) {
  try {
    return body();
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "unknown error in libtorch";
  }
  return failed;
}

double as_double(int64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

c10::IValue unpack(const Argument& a, bool wants_float) {
  switch (a.tag) {
    case Tensor: return borrow(reinterpret_cast<void*>(a.payload));
    case Int: return wants_float ? c10::IValue(static_cast<double>(a.payload)) : c10::IValue(a.payload);
    case Double: return as_double(a.payload);
    case Bool: return a.payload != 0;
    case IntList: {
      auto data = reinterpret_cast<const int64_t*>(a.payload);
      return std::vector<int64_t>(data, data + a.count);
    }
    case DoubleList: {
      auto data = reinterpret_cast<const double*>(a.payload);
      return std::vector<double>(data, data + a.count);
    }
    case TensorList: return borrow_all(reinterpret_cast<void* const*>(a.payload), a.count);
    case String: return std::string(reinterpret_cast<const char*>(a.payload), a.count);
    case Device:
      return c10::Device(static_cast<c10::DeviceType>(a.payload), static_cast<c10::DeviceIndex>(a.extra));
    case Generator: return *reinterpret_cast<at::Generator*>(a.payload);
    default: return c10::IValue();
  }
}

Argument pack(at::Tensor tensor) {
  Argument a{tensor.defined() ? Tensor : None, 0, 0, 0};
  if (tensor.defined()) {
    a.extra = static_cast<int64_t>(tensor.nbytes());
    a.payload = reinterpret_cast<int64_t>(release(std::move(tensor)));
  }
  return a;
}

void pack_all(c10::IValue value, std::vector<Argument>& results) {
  if (value.isTensor()) {
    results.push_back(pack(std::move(value).toTensor()));
  } else if (value.isTensorList()) {
    for (at::Tensor tensor : value.toTensorVector()) results.push_back(pack(std::move(tensor)));
  } else if (value.isDouble()) {
    Argument a{Double, 0, 0, 0};
    double number = value.toDouble();
    std::memcpy(&a.payload, &number, sizeof number);
    results.push_back(a);
  } else if (value.isInt()) {
    results.push_back({Int, 0, value.toInt(), 0});
  } else if (value.isBool()) {
    results.push_back({Bool, 0, value.toBool(), 0});
  } else {
    TORCH_CHECK(false, "cannot return a value of type ", value.tagKind());
  }
}

struct AdamSettings {
  double lr, beta1, beta2, eps, weight_decay;
  int32_t maximize;
};

// One pass over memory; in the order of operations of torch.optim.Adam.
__attribute__((target_clones("avx512f", "avx2", "default"))) void adam(
    int64_t begin, int64_t end, float* __restrict p, const float* __restrict g, float* __restrict m,
    float* __restrict v, float beta1, float beta2, float one_minus_beta1, float one_minus_beta2, float eps,
    float weight_decay, float sign, float step_size, float bias_root) {
  for (int64_t i = begin; i < end; ++i) {
    const float gradient = sign * g[i] + weight_decay * p[i];
    m[i] = beta1 * m[i] + one_minus_beta1 * gradient;
    v[i] = beta2 * v[i] + one_minus_beta2 * gradient * gradient;
    p[i] -= step_size * m[i] / (std::sqrt(v[i]) / bias_root + eps);
  }
}

bool is_plain(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.is_contiguous() &&
         tensor.layout() == at::kStrided;
}

// A large threshold keeps the buffers of training steps on the heap instead of mapping and faulting them each time.
__attribute__((constructor)) void tune_allocator() {
  if (!std::getenv("MALLOC_MMAP_THRESHOLD_") && !mallopt(M_MMAP_THRESHOLD, 1 << 30))
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
  if (!std::getenv("MALLOC_TRIM_THRESHOLD_")) mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

}  // namespace

EXPORT const char* ts_last_error() { return last_error.c_str(); }
EXPORT const char* ts_version() { return TORCH_VERSION; }

EXPORT Operator* ts_find(const char* name, const char* overload) {
  return guarded<>(static_cast<Operator*>(nullptr), [&]() -> Operator* {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) return nullptr;
    auto found = new Operator{*handle, {}};
    for (const auto& argument : handle->schema().arguments()) {
      auto type = argument.type();
      if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
      found->is_float.push_back(type->kind() == c10::TypeKind::FloatType);
    }
    return found;
  });
}

// Returns how many results there are; with no room asked for (capacity 0) results are dropped.
EXPORT int32_t ts_call(Operator* op, const Argument* arguments, int32_t count, Argument* results, int32_t capacity) {
  thread_local std::vector<c10::IValue> stack;
  thread_local std::vector<Argument> packed;
  const int32_t returned = guarded(-1, [&] {
    const auto& parameters = op->handle.schema().arguments();
    stack.clear();
    for (int32_t i = 0; i < count; ++i) stack.push_back(unpack(arguments[i], op->is_float[i]));
    for (size_t i = count; i < parameters.size(); ++i) {
      TORCH_CHECK(parameters[i].default_value(), op->handle.schema().name(), " needs ", parameters[i].name());
      stack.push_back(*parameters[i].default_value());
    }
    op->handle.callBoxed(&stack);
    if (capacity == 0) return 0;
    packed.clear();
    for (auto& value : stack) pack_all(std::move(value), packed);
    TORCH_CHECK(packed.size() <= static_cast<size_t>(capacity), "no room for ", packed.size(), " results");
    std::copy(packed.begin(), packed.end(), results);
    return static_cast<int32_t>(packed.size());
  });
  stack.clear();
  return returned;
}

EXPORT void ts_free(void* handle) { TensorPtr::reclaim(static_cast<at::TensorImpl*>(handle)); }

EXPORT void ts_info(void* handle, Info* info) {
  const auto tensor = borrow(handle);
  info->dimensions = tensor.dim();
  info->elements = tensor.numel();
  info->dtype = static_cast<int32_t>(tensor.scalar_type());
  info->device_type = static_cast<int32_t>(tensor.device().type());
  info->device_index = tensor.device().index();
  info->requires_grad = tensor.requires_grad();
  info->is_leaf = tensor.is_leaf();
  info->is_contiguous = tensor.is_contiguous();
  info->defined_grad = tensor.is_leaf() && tensor.grad().defined();
}

EXPORT void ts_sizes(void* handle, int64_t* sizes, int64_t* strides) {
  const auto tensor = borrow(handle);
  std::copy(tensor.sizes().begin(), tensor.sizes().end(), sizes);
  if (strides) std::copy(tensor.strides().begin(), tensor.strides().end(), strides);
}

EXPORT void* ts_data(void* handle) {
  return guarded<>(static_cast<void*>(nullptr), [&] { return borrow(handle).data_ptr(); });
}

EXPORT int32_t ts_set_requires_grad(void* handle, int32_t value) {
  return guarded(-1, [&] { return borrow(handle).set_requires_grad(value != 0), 0; });
}

EXPORT void* ts_grad(void* handle) {
  return guarded<>(static_cast<void*>(nullptr), [&] { return release(borrow(handle).grad()); });
}

EXPORT int32_t ts_set_grad(void* handle, void* grad) {
  return guarded(-1, [&] { return borrow(handle).mutable_grad() = grad ? borrow(grad) : at::Tensor(), 0; });
}

EXPORT int32_t ts_retain_grad(void* handle) {
  return guarded(-1, [&] { return borrow(handle).retain_grad(), 0; });
}

EXPORT int32_t ts_backward(void* const* tensors, int64_t count, void* const* grads, int64_t grad_count,
                           void* const* inputs, int64_t input_count, int32_t retain_graph, int32_t create_graph) {
  return guarded(-1, [&] {
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(grads, grad_count), retain_graph != 0,
                              create_graph != 0, borrow_all(inputs, input_count));
    return 0;
  });
}

EXPORT int32_t ts_autograd_grad(void* const* outputs, int64_t count, void* const* inputs, int64_t input_count,
                                void* const* grads, int64_t grad_count, int32_t retain_graph, int32_t create_graph,
                                int32_t allow_unused, void** results) {
  return guarded(-1, [&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(grads, grad_count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (size_t i = 0; i < found.size(); ++i) results[i] = release(std::move(found[i]));
    return 0;
  });
}

EXPORT int32_t ts_grad_enabled() { return c10::GradMode::is_enabled(); }
EXPORT void ts_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }
EXPORT int32_t ts_threads() { return at::get_num_threads(); }
EXPORT int32_t ts_set_threads(int32_t count) {
  return guarded(-1, [&] { return at::set_num_threads(count), 0; });
}

EXPORT int32_t ts_cuda_devices() {
  return guarded(0, [] {
    return c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)
               ? static_cast<int32_t>(c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount())
               : 0;
  });
}

EXPORT int32_t ts_cuda_synchronize(int32_t index) {
  return guarded(-1, [&] {
    c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
    guard.getStream(index < 0 ? guard.getDevice() : c10::Device(c10::DeviceType::CUDA, index)).synchronize();
    return 0;
  });
}

EXPORT int32_t ts_cudnn_tf32() { return at::globalContext().allowTF32CuDNN(); }
EXPORT void ts_set_cudnn_tf32(int32_t value) { at::globalContext().setAllowTF32CuDNN(value != 0); }

EXPORT int32_t ts_manual_seed(uint64_t seed) {
  return guarded(-1, [&] { return at::manual_seed(seed), 0; });
}

EXPORT at::Generator* ts_default_generator() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
EXPORT at::Generator* ts_new_generator(uint64_t seed) {
  return new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed));
}
EXPORT void ts_free_generator(at::Generator* generator) { delete generator; }
EXPORT void ts_seed_generator(at::Generator* generator, uint64_t seed) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  generator->set_current_seed(seed);
}
EXPORT uint64_t ts_generator_seed(at::Generator* generator) { return generator->current_seed(); }
EXPORT void* ts_generator_state(at::Generator* generator) {
  return guarded<>(static_cast<void*>(nullptr), [&] { return release(generator->get_state()); });
}
EXPORT int32_t ts_set_generator_state(at::Generator* generator, void* state) {
  return guarded(-1, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(borrow(state));
    return 0;
  });
}

// Updates the parameters that are float, contiguous and on the CPU; the others keep their step number.
EXPORT int32_t ts_adam(AdamItem* items, int64_t count, const AdamSettings* s) {
  return guarded(-1, [&] {
    for (int64_t k = 0; k < count; ++k) {
      auto& item = items[k];
      auto parameter = borrow(item.parameter), m = borrow(item.exp_avg), v = borrow(item.exp_avg_sq);
      auto grad = parameter.grad();
      if (item.max_exp_avg_sq || !is_plain(parameter) || !is_plain(grad) || !is_plain(m) || !is_plain(v)) continue;
      const double step_size = s->lr / (1 - std::pow(s->beta1, static_cast<double>(item.step)));
      const double bias_root = std::sqrt(1 - std::pow(s->beta2, static_cast<double>(item.step)));
      auto p_data = parameter.data_ptr<float>(), m_data = m.data_ptr<float>(), v_data = v.data_ptr<float>();
      auto g_data = static_cast<const at::Tensor&>(grad).data_ptr<float>();
      at::parallel_for(0, parameter.numel(), 1 << 16, [&](int64_t begin, int64_t end) {
        adam(begin, end, p_data, g_data, m_data, v_data, s->beta1, s->beta2, 1 - s->beta1, 1 - s->beta2, s->eps,
             s->weight_decay, s->maximize ? -1.f : 1.f, step_size, bias_root);
      });
      for (auto tensor : {item.parameter, item.exp_avg, item.exp_avg_sq}) tensor->bump_version();
      item.step = -1;
    }
    return 0;
  });
}
