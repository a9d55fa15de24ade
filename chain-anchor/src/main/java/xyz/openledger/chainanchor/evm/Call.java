package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes16;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Bytes4;
import org.web3j.abi.datatypes.generated.Uint256;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/**
 * A contract call, encoded argument by argument: what the generated classes are written in, which
 * know from the ABI what belongs where. Integers of every width are words, so one kind serves all.
 */
final class Call {
  private final List<Type<?>> arguments = new ArrayList<>();
  private final @Nullable Selector selector;

  private Call(@Nullable Selector selector) {
    this.selector = selector;
  }

  /** A call of that function. */
  static Call of(Selector selector) {
    return new Call(selector);
  }

  /** Arguments without a function: a constructor's, or the parts of a struct. */
  static Call arguments() {
    return new Call(null);
  }

  Call address(Address value) {
    arguments.add(of(value));
    return this;
  }

  Call uint(long value) {
    return uint(BigInteger.valueOf(value));
  }

  Call uint(BigInteger value) {
    arguments.add(new Uint256(value));
    return this;
  }

  Call bytes32(Digest value) {
    arguments.add(new Bytes32(value.bytes()));
    return this;
  }

  Call bytes16(byte[] value) {
    arguments.add(new Bytes16(value));
    return this;
  }

  Call selector(Selector value) {
    arguments.add(new Bytes4(value.bytes()));
    return this;
  }

  Call bytes(byte[] value) {
    arguments.add(new DynamicBytes(value));
    return this;
  }

  Call text(String value) {
    arguments.add(new Utf8String(value));
    return this;
  }

  Call bool(boolean value) {
    arguments.add(new Bool(value));
    return this;
  }

  Call bytes32s(List<Digest> values) {
    return array(Bytes32.class, values.stream().map(value -> new Bytes32(value.bytes())).toList());
  }

  Call addresses(List<Address> values) {
    return array(org.web3j.abi.datatypes.Address.class, values.stream().map(Call::of).toList());
  }

  Call uints(List<BigInteger> values) {
    return array(Uint256.class, values.stream().map(Uint256::new).toList());
  }

  Call byteStrings(List<byte[]> values) {
    return array(DynamicBytes.class, values.stream().map(DynamicBytes::new).toList());
  }

  Call selectors(List<Selector> values) {
    return array(Bytes4.class, values.stream().map(value -> new Bytes4(value.bytes())).toList());
  }

  /** So many words in a row, where an array of a fixed length stands. */
  Call words(int count, List<BigInteger> values) {
    if (values.size() != count) {
      throw new IllegalArgumentException(
          "there are %d numbers, the contract takes %d".formatted(values.size(), count));
    }
    values.forEach(this::uint);
    return this;
  }

  /**
   * A struct of these parts.
   *
   * @param dynamic whether one of them is of variable length: then it stands behind the others
   */
  Call struct(boolean dynamic, Call parts) {
    if (dynamic) {
      arguments.add(new DynamicStruct(parts.types()));
    } else {
      arguments.addAll(parts.arguments);
    }
    return this;
  }

  Call structs(boolean dynamic, List<Call> values) {
    return dynamic
        ? array(
            DynamicStruct.class,
            values.stream().map(each -> new DynamicStruct(each.types())).toList())
        : array(
            StaticStruct.class,
            values.stream().map(each -> new StaticStruct(each.types())).toList());
  }

  /** The call's data: selector and arguments. */
  String data() {
    if (selector == null) {
      throw new IllegalStateException("arguments alone are no call");
    }
    return selector.hex() + encoded();
  }

  /** The arguments alone, as they follow a selector or a contract's creation code. */
  String encoded() {
    return FunctionEncoder.encodeConstructor(types());
  }

  private <T extends Type<?>> Call array(Class<T> type, List<T> values) {
    arguments.add(new DynamicArray<>(type, values));
    return this;
  }

  private static org.web3j.abi.datatypes.Address of(Address value) {
    return new org.web3j.abi.datatypes.Address(value.value());
  }

  @SuppressWarnings("rawtypes") // the library's own signature
  private List<Type> types() {
    return List.copyOf(arguments);
  }
}
