package xyz.openledger.models.onnx;

import java.util.List;
import java.util.SortedMap;
import xyz.openledger.protocol.Digest;

/**
 * What a file of ONNX says of itself.
 *
 * @param digest of the file
 * @param opset the version of the operators
 * @param operators how often each occurs
 * @param parameters how many numbers it holds
 */
public record OnnxModel(
    Digest digest,
    int opset,
    List<Port> inputs,
    List<Port> outputs,
    SortedMap<String, Integer> operators,
    long parameters) {

  /**
   * A tensor that goes in or comes out.
   *
   * @param shape its dimensions; -1 where any size will do
   */
  public record Port(String name, OnnxType type, List<Long> shape) {
    @Override
    public String toString() {
      return "%s %s%s".formatted(name, type.word(), shape.toString().replace("-1", "any"));
    }
  }
}
