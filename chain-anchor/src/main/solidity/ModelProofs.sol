// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16, Groth16Key} from "./Groth16.sol";

/// @title ModelProofs
/// @notice Keeps which private models are registered, and says whether an output came of one. A model is a commitment to
/// its weights; what the weights and the input are, nobody learns here.
/// @dev A proof can be made into another valid proof of the same statement by anyone, so nothing is ever counted by a
/// proof or its hash: a model is registered once by its commitment, an inference is recorded once by model and job.
contract ModelProofs {
    /// @notice The keys come from a ceremony whose secrets somebody knows: its proofs show nothing to a stranger.
    event InsecureCeremony(bytes32 registrationKey, bytes32 inferenceKey);

    /// @notice The weights behind `model` are in range, and `owner` knows them.
    event ModelRegistered(uint256 indexed model, address indexed owner);

    /// @notice `model` gives `output` for the committed `input`, for `job`.
    event InferenceRecorded(uint256 indexed model, uint256 indexed job, uint256 input, uint256 output);

    /// @notice A verification key has another length than its signals need.
    error KeyLength(uint256 bytesLength);

    /// @notice The commitment was registered before.
    error AlreadyRegistered(uint256 model);

    /// @notice An inference for this job was recorded before; another proof of it is no second one.
    error AlreadyRecorded(uint256 model, uint256 job);

    /// @notice The proof does not show the statement.
    error NotProven();

    /// @notice Whether the keys come from a ceremony that nobody should trust.
    bool public immutable insecureCeremony;

    /// @notice The key of the proof that weights are in range; signals: model, owner.
    address public immutable registrationKey;

    /// @notice The key of the proof that an output is the model's; signals: model, input, output, job.
    address public immutable inferenceKey;

    /// @notice Who registered a model; zero if nobody did.
    mapping(uint256 model => address owner) public ownerOf;

    /// @notice Whether an inference was recorded.
    mapping(uint256 model => mapping(uint256 job => bool)) public recorded;

    /// @param registration The verification key of the registration, as {Groth16} reads it.
    /// @param inference The verification key of the inference.
    /// @param insecure Whether the keys are for development only. It cannot be taken back: other keys are another contract.
    constructor(bytes memory registration, bytes memory inference, bool insecure) {
        if (!Groth16.fits(registration.length, 2)) revert KeyLength(registration.length);
        if (!Groth16.fits(inference.length, 4)) revert KeyLength(inference.length);
        registrationKey = address(new Groth16Key(registration));
        inferenceKey = address(new Groth16Key(inference));
        insecureCeremony = insecure;
        if (insecure) emit InsecureCeremony(keccak256(registration), keccak256(inference));
    }

    /// @notice Registers a model for the sender, to whom the proof is bound.
    function register(uint256 model, Groth16.Proof calldata proof) external {
        if (ownerOf[model] != address(0)) revert AlreadyRegistered(model);
        uint256[] memory signals = new uint256[](2);
        (signals[0], signals[1]) = (model, uint160(msg.sender));
        if (!Groth16.holds(registrationKey, signals, proof)) revert NotProven();
        ownerOf[model] = msg.sender;
        emit ModelRegistered(model, msg.sender);
    }

    /// @notice Whether the registered `model` gives `output` for the committed `input`, as proven for `job`.
    function verify(uint256 model, uint256 input, uint256 output, uint256 job, Groth16.Proof calldata proof)
        public
        view
        returns (bool)
    {
        // Weights out of range would let one result spill into the next, so only a registered model is believed.
        if (ownerOf[model] == address(0)) return false;
        uint256[] memory signals = new uint256[](4);
        (signals[0], signals[1], signals[2], signals[3]) = (model, input, output, job);
        return Groth16.holds(inferenceKey, signals, proof);
    }

    /// @notice Writes an inference down, once.
    function record(uint256 model, uint256 input, uint256 output, uint256 job, Groth16.Proof calldata proof) external {
        if (recorded[model][job]) revert AlreadyRecorded(model, job);
        if (!verify(model, input, output, job, proof)) revert NotProven();
        recorded[model][job] = true;
        emit InferenceRecorded(model, job, input, output);
    }
}
