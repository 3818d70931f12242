//! The SSIS codes that the engine and its components raise, by their names in SSIS.

use packmule_types::Code;

/// `E_FAIL`: what the engine's messages name where a component has no code of its own.
pub const E_FAIL: Code = Code(0x8000_4005);
/// `DTS_E_OUTOFMEMORY`-like failure of the budget: buffers cannot be had.
pub const BUFFER_ALLOCATION: Code = Code(0xC004_7012);
/// The component cannot be found, is not registered, or is not supported.
pub const CLASS_NOT_REGISTERED: Code = Code(0xC004_8021);
/// `Phase: validation`
pub const VALIDATION_PHASE: Code = Code(0x4004_300A);
/// `Phase: prepare for execute`
pub const PREPARE_PHASE: Code = Code(0x4004_3006);
/// `Phase: pre-execute`
pub const PRE_EXECUTE_PHASE: Code = Code(0x4004_3007);
/// `Phase: execute`
pub const EXECUTE_PHASE: Code = Code(0x4004_300C);
/// `Phase: post execute`
pub const POST_EXECUTE_PHASE: Code = Code(0x4004_3008);
/// `Phase: cleanup`
pub const CLEANUP_PHASE: Code = Code(0x4004_3009);
/// `"%1" wrote %2 rows.`
pub const WROTE_ROWS: Code = Code(0x4004_300B);
/// A component's validation failed, with its status.
pub const COMPONENT_VALIDATION_FAILED: Code = Code(0xC004_706B);
/// One or more components failed validation.
pub const VALIDATION_FAILED: Code = Code(0xC004_700C);
/// There were errors during task validation.
pub const TASK_VALIDATION_FAILED: Code = Code(0xC002_4107);
/// The Data Flow task has no components.
pub const EMPTY_DATA_FLOW: Code = Code(0x8004_7034);
/// An output column is not subsequently used.
pub const UNUSED_COLUMN: Code = Code(0x8004_7076);
/// A source is not connected to anything and is removed.
pub const UNUSED_SOURCE: Code = Code(0x8004_706F);
/// ProcessInput of a component failed.
pub const PROCESS_INPUT_FAILED: Code = Code(0xC004_7022);
/// PrimeOutput of a component failed.
pub const PRIME_OUTPUT_FAILED: Code = Code(0xC004_7038);
/// A component failed in PreExecute.
pub const PRE_EXECUTE_FAILED: Code = Code(0xC004_701A);
/// A component failed in PostExecute.
pub const POST_EXECUTE_FAILED: Code = Code(0xC004_7018);
/// A row failed and the error disposition says that the component fails.
pub const INDUCED_ERROR: Code = Code(0xC020_9029);
/// A row was truncated and the truncation disposition says that the component fails.
pub const INDUCED_TRUNCATION: Code = Code(0xC020_902A);
/// Redirected rows go nowhere.
pub const REDIRECT_WITHOUT_PATH: Code = Code(0x8020_8386);
/// An error output is attached and no row is ever redirected.
pub const PATH_WITHOUT_REDIRECT: Code = Code(0x8020_8385);
/// A truncation redirected the row, for components without a code of their own.
pub const TRUNCATION_REDIRECTED: Code = Code(0xC020_401F);
/// An input column's lineage id names no column of the incoming path.
pub const INPUT_COLUMN_DANGLING: Code = Code(0xC004_70B2);
/// A managed user component has thrown an exception: the text is the exception's.
pub const USER_COMPONENT_EXCEPTION: Code = Code(0xC004_7062);
