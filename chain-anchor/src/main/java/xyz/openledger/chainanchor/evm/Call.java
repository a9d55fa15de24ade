package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes16;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Bytes4;
import org.web3j.abi.datatypes.generated.Uint256;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Keccak;

/**
 * A contract call, encoded argument by argument. Integers of every width are words, so one kind
 * serves all.
 */
final class Call {
  private final List<Type<?>> arguments = new ArrayList<>();
  private final String signature;

  private Call(String signature) {
    this.signature = signature;
  }

  /**
   * A call of the function with that full signature, such as {@code
   * claim(address,uint256,bytes32[])}.
   */
  static Call of(String signature) {
    return new Call(signature);
  }

  Call address(Address value) {
    arguments.add(new org.web3j.abi.datatypes.Address(value.value()));
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

  Call bytes32s(List<Digest> values) {
    arguments.add(
        new DynamicArray<>(
            Bytes32.class, values.stream().map(value -> new Bytes32(value.bytes())).toList()));
    return this;
  }

  Call addresses(List<Address> values) {
    arguments.add(
        new DynamicArray<>(
            org.web3j.abi.datatypes.Address.class,
            values.stream()
                .map(value -> new org.web3j.abi.datatypes.Address(value.value()))
                .toList()));
    return this;
  }

  Call uints(List<BigInteger> values) {
    arguments.add(new DynamicArray<>(Uint256.class, values.stream().map(Uint256::new).toList()));
    return this;
  }

  Call byteStrings(List<byte[]> values) {
    arguments.add(
        new DynamicArray<>(DynamicBytes.class, values.stream().map(DynamicBytes::new).toList()));
    return this;
  }

  Call selectors(List<String> signatures) {
    arguments.add(
        new DynamicArray<>(
            Bytes4.class,
            signatures.stream()
                .map(s -> new Bytes4(HexFormat.of().parseHex(selector(s).substring(2))))
                .toList()));
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

  /** A tuple with the arguments of {@code parts}. */
  Call struct(Call parts) {
    arguments.add(new DynamicStruct(List.copyOf(parts.arguments)));
    return this;
  }

  /** The call's data: selector and arguments. */
  String data() {
    return selector(signature) + FunctionEncoder.encodeConstructor(types());
  }

  /** The arguments alone, as they follow a contract's creation code. */
  String constructor() {
    return FunctionEncoder.encodeConstructor(types());
  }

  @SuppressWarnings("rawtypes") // the library's own signature
  private List<Type> types() {
    return List.copyOf(arguments);
  }

  private static String selector(String signature) {
    byte[] hash = Keccak.hash(signature.getBytes(StandardCharsets.US_ASCII));
    return "0x" + HexFormat.of().formatHex(hash, 0, 4);
  }
}
