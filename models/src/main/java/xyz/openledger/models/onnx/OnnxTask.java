package xyz.openledger.models.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.models.files.Refused;
import xyz.openledger.protocol.tensors.NumberType;
import xyz.openledger.protocol.tensors.Tensor;

/**
 * A run of a model, as far as it is known before it begins: the tensors are those that the model
 * takes, and what the run is counted as.
 *
 * @param inputs one for each input of the model, in its order
 * @param fuel positions × (parameters + {@value #OPERATOR_FUEL} × operators). Positions are the
 *     rows of the longest input: tokens of whole numbers, all sizes but the last of up to three
 *     dimensions, and of more all but the second, which holds the channels. A count of work that is
 *     the same on every machine and is known beforehand, not of instructions.
 */
public record OnnxTask(List<Tensor> inputs, long fuel) {
  /** What an operator costs at each position beside its weights. */
  public static final int OPERATOR_FUEL = 64;

  /** From here on the second dimension holds channels, as in pictures. */
  private static final int PICTURE_RANK = 4;

  /**
   * Holds tensors against the inputs of a model.
   *
   * @throws xyz.openledger.protocol.ProblemException naming the tensor and what is wrong with it
   */
  public static OnnxTask of(OnnxModel model, List<Tensor> given) {
    Map<String, Tensor> byName = new HashMap<>();
    given.forEach(tensor -> byName.put(tensor.name(), tensor));
    var inputs = new ArrayList<Tensor>();
    long positions = 1;
    for (OnnxModel.Port port : model.inputs()) {
      Tensor tensor = byName.remove(port.name());
      if (tensor == null) {
        throw Refused.because(port.name(), "is missing; the model takes " + model.inputs());
      }
      check(port, tensor);
      inputs.add(tensor);
      positions = Math.max(positions, positions(tensor));
    }
    if (!byName.isEmpty()) {
      throw Refused.because(
          byName.keySet().iterator().next(),
          "is no input of the model, which takes " + model.inputs());
    }
    long operators = model.operators().values().stream().mapToLong(Integer::longValue).sum();
    return new OnnxTask(
        List.copyOf(inputs), positions * (model.parameters() + OPERATOR_FUEL * operators));
  }

  /** What carries the numbers of a type. */
  static NumberType carrier(OnnxType type) {
    return switch (type) {
      case FLOAT -> NumberType.F32;
      case DOUBLE -> NumberType.F64;
      case INT8 -> NumberType.I8;
      case UINT8 -> NumberType.U8;
      case INT32 -> NumberType.I32;
      case INT64 -> NumberType.I64;
      case BOOL -> NumberType.BOOL;
    };
  }

  private static void check(OnnxModel.Port port, Tensor tensor) {
    NumberType wanted = carrier(port.type());
    if (tensor.type() != wanted) {
      throw Refused.because(
          tensor.name() + ".dtype", "is %s, the model takes %s".formatted(tensor.type(), wanted));
    }
    // A model may say nothing of a shape; then the runtime decides.
    boolean fits = port.shape().isEmpty() || port.shape().size() == tensor.shape().size();
    for (int i = 0; fits && i < port.shape().size(); i++) {
      long size = port.shape().get(i);
      fits = size < 0 || size == tensor.shape().get(i);
    }
    if (!fits) {
      throw Refused.because(
          tensor.name() + ".shape", "is %s, the model takes %s".formatted(tensor.shape(), port));
    }
  }

  private static long positions(Tensor tensor) {
    int rank = tensor.shape().size();
    boolean numbers = tensor.type() == NumberType.F32 || tensor.type() == NumberType.F64;
    if (!numbers || rank == 0) {
      return tensor.elements();
    }
    return tensor.elements() / tensor.shape().get(rank < PICTURE_RANK ? rank - 1 : 1);
  }
}
