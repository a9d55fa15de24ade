// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The cheatcodes of forge that these tests use.
interface Vm {
    function addr(uint256 key) external pure returns (address);
    function assertEq(address left, address right) external pure;
    function assertEq(bytes32 left, bytes32 right) external pure;
    function assertEq(string calldata left, string calldata right) external pure;
    function assertEq(uint256 left, uint256 right) external pure;
    function assertEq(uint256 left, uint256 right, string calldata reason) external pure;
    function assertFalse(bool condition) external pure;
    function assertFalse(bool condition, string calldata reason) external pure;
    function assertTrue(bool condition) external pure;
    function assertTrue(bool condition, string calldata reason) external pure;
    function assume(bool condition) external pure;
    function chainId(uint256 id) external;
    function deal(address account, uint256 coin) external;
    function etch(address target, bytes calldata code) external;
    function expectEmit(address emitter) external;
    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function parseAddress(string calldata text) external pure returns (address);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonStringArray(string calldata json, string calldata key) external pure returns (string[] memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseUint(string calldata text) external pure returns (uint256);
    function prank(address caller) external;
    function readFile(string calldata path) external view returns (string memory);
    function readFileBinary(string calldata path) external view returns (bytes memory);
    function replace(string calldata text, string calldata from, string calldata to)
        external
        pure
        returns (string memory);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function toBase64(bytes calldata data) external pure returns (string memory);
    function toString(uint256 value) external pure returns (string memory);
    function txGasPrice(uint256 price) external;
    function warp(uint256 timestamp) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice `value` folded into `least`..`most`, evenly.
function bound(uint256 value, uint256 least, uint256 most) pure returns (uint256) {
    return least + value % (most - least + 1);
}

/// @title Words
/// @notice Reads a file of vectors word by word; contracts/vectors.js says what stands where.
library Words {
    struct Reader {
        bytes data;
        uint256 position;
    }

    function open(string memory name) internal view returns (Reader memory) {
        return Reader(vm.readFileBinary(string.concat("target/vectors/", name, ".words")), 0);
    }

    function hash(Reader memory reader) internal pure returns (bytes32 word) {
        require(reader.position + 32 <= reader.data.length, "the vectors end early");
        bytes memory data = reader.data;
        uint256 offset = reader.position + 32;
        assembly ("memory-safe") {
            word := mload(add(data, offset))
        }
        reader.position += 32;
    }

    function number(Reader memory reader) internal pure returns (uint256) {
        return uint256(hash(reader));
    }

    function size(Reader memory reader) internal pure returns (uint64) {
        return uint64(number(reader));
    }

    function account(Reader memory reader) internal pure returns (address) {
        return address(uint160(number(reader)));
    }

    function path(Reader memory reader) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](number(reader));
        for (uint256 i = 0; i < hashes.length; ++i) {
            hashes[i] = hash(reader);
        }
    }

    function atEnd(Reader memory reader) internal pure returns (bool) {
        return reader.position == reader.data.length;
    }
}
