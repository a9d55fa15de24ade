package xyz.openledger.models.onnx;

/**
 * A tensor that a file holds: it is as long as it says, and it is in this file.
 *
 * @param elements how many numbers it has
 */
record OnnxTensor(String name, long elements) {
  /** The most numbers of one tensor. */
  static final long ELEMENTS_MAX = 64L << 20;

  private static final int EXTERNAL = 1;
  private static final int TEXT_BYTES_MAX = 64 << 10;

  /** Reads one; refuses what lies about its size. */
  static OnnxTensor read(ProtobufCursor tensor, int dimensionsMax) {
    String name = "";
    OnnxType type = null;
    long elements = 1;
    int dimensions = 0;
    long raw = -1;
    long listed = 0;
    for (int field = tensor.next(); field != 0; field = tensor.next()) {
      switch (field) {
        case 1 -> {
          // Each alone, or packed; either way what they come to is counted at once.
          for (long size : tensor.varints(dimensionsMax)) {
            elements = times(tensor, elements, size);
            dimensions++;
          }
        }
        case 2 -> {
          tensor.once();
          long code = tensor.varint();
          type =
              OnnxType.of(code)
                  .orElseThrow(() -> tensor.refused("has numbers of type %d".formatted(code)));
        }
        case 4 -> listed += tensor.countFixed(4);
        case 5, 7, 11 -> listed += tensor.countVarints();
        case 8 -> {
          tensor.once();
          name = tensor.text(TEXT_BYTES_MAX);
        }
        case 9 -> {
          tensor.once();
          raw = tensor.skipBytes();
        }
        case 10 -> listed += tensor.countFixed(8);
        case 12 -> tensor.text(TEXT_BYTES_MAX);
        case 13 -> throw tensor.refused("lies in another file; files are taken whole");
        case 14 -> {
          if (tensor.varint() == EXTERNAL) {
            throw tensor.refused("lies in another file; files are taken whole");
          }
        }
        default -> throw tensor.refused("has field %d, which is not taken".formatted(field));
      }
    }
    if (type == null || dimensions > dimensionsMax) {
      throw tensor.refused(type == null ? "has no type" : "has too many dimensions");
    }
    boolean right = raw >= 0 ? listed == 0 && raw == elements * type.bytes() : listed == elements;
    if (!right) {
      throw tensor.refused(
          "has %d numbers and holds %s"
              .formatted(elements, raw >= 0 ? raw + " bytes" : listed + " of them"));
    }
    return new OnnxTensor(name, elements);
  }

  private static long times(ProtobufCursor tensor, long elements, long size) {
    if (size < 0 || size > ELEMENTS_MAX || elements * size > ELEMENTS_MAX) {
      throw tensor.refused("has more than %d numbers".formatted(ELEMENTS_MAX));
    }
    return elements * size;
  }
}
