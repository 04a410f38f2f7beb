"""What can be wrong with a file."""

from jifen.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class FileRefused(InvalidInput):
    """The base of all that is wrong with a file's content; the file cannot be used."""

    code = "file_refused"
    message = "这个文件不能使用，请重新选择。"
    default_field = "file"


class KindWrong(FileRefused):
    code = "file_kind_unknown"
    message = "没有“{kind}”这种文件用途。"
    default_field = "kind"


class TypeWrong(FileRefused):
    code = "file_type_wrong"
    message = "这里只能上传{allowed}，请重新选择。"
    default_field = "content_type"


class NotPicture(FileRefused):
    code = "file_not_picture"
    message = "这不是图片，请重新拍照。"


class PictureBroken(FileRefused):
    code = "file_picture_broken"
    message = "图片打不开，可能没有传完整，请重新拍照或重新选择。"


class PictureHeic(FileRefused):
    code = "file_picture_heic"
    message = "这种照片格式（HEIC）打不开。请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或先转成 JPG。"


class ContentDiffers(FileRefused):
    code = "file_content_differs"
    message = "文件内容与所说的类型（{expected}）不一致，请重新选择。"


class Empty(FileRefused):
    code = "file_empty"
    message = "文件是空的，请重新选择。"


class TooLarge(FileRefused):
    code = "file_too_large"
    message = "文件太大，{kind}不能超过{limit}MB。请压缩后再传。"
    default_field = "size"


class SizeDiffers(FileRefused):
    code = "file_size_differs"
    message = "收到的文件大小与登记的不一致，可能没有传完整，请重新上传。"


class HashDiffers(FileRefused):
    code = "file_hash_differs"
    message = "收到的文件与登记的不是同一个，请重新上传。"


class HashWrong(InvalidInput):
    code = "file_hash_wrong"
    message = "文件校验值应为 64 位十六进制的 SHA-256。"
    default_field = "sha256"


class NotArrived(Conflict):
    code = "file_not_arrived"
    message = "文件还没有传上来，请先上传。"


class FileUnknown(NotFound):
    code = "file_unknown"
    message = "没有找到这个文件，请重新上传。"
    default_field = "evidence"


class FileNotReady(InvalidInput):
    code = "file_not_ready"
    message = "文件“{name}”还没有传好或不合格，请重新上传。"
    default_field = "evidence"


class StoreUnavailable(Unavailable):
    code = "file_store_unavailable"
    message = "文件存储暂时不可用，请稍后再试。"
